DROP TABLE storage_configs;

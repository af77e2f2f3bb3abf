DROP TABLE scopes;
DROP TABLE resources;
DROP TABLE users;
DROP TABLE plans;
DROP TABLE region_databases;
DROP TABLE regions;
DROP TABLE tenants;
DROP TABLE instances;

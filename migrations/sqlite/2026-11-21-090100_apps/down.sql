DROP TABLE resource_servers;
DROP TABLE client_secret_digests;
DROP TABLE client_secrets;
DROP TABLE apps;

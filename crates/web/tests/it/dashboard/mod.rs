//! The dashboard, as a browser meets it.

mod app_audit;
mod app_page;
mod app_part_doors;
mod app_settings;
mod apps;
mod audit_pages;
mod disguised_domains;
mod estate;
mod every_route;
mod every_route_table;
mod home;
mod log_lines;
mod members;
mod new_app;
mod operator_people;
mod operator_plans;
mod operator_regions;
mod operator_resources;
mod operator_tenants;
mod reference_tokens;
mod search;
mod secrets;
mod server_pages;
mod storage;
mod tenant_overview;
mod usage;

//! People and what they may do.

mod actor_names;
mod invitations;
mod last_operator;
mod mailed_invitations;
mod management_tokens;
mod members;
mod operators;
mod people_verbs;
mod racing;
mod role_walk;
mod strangers;
mod walk_of_apps;
mod walk_of_dashboard;
mod walk_of_instance;
mod walk_of_people;

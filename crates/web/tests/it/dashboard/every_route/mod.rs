//! Every address of the dashboard, as everybody and with every trick. The addresses are those of one table.

mod callers;
mod completeness;
mod estate;
mod forgery;
mod former_rights;
mod history;
mod hostile_texts;
mod mass_assignment;
mod methods;
mod misplaced;

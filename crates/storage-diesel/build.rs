//! Rebuilds the crate when a migration is added: the macro that embeds them only follows those it knows.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}

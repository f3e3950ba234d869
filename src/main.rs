//! The `tablica` command.

fn main() {}

//! The subcommands of `tablica`: each reads its arguments and calls one part of the house.

pub mod replay;

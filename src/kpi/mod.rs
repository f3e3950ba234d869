//! Every number a contact center steers by: definition, formula, unit, doc and test together.

pub mod value;

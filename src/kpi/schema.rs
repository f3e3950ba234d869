//! The registry as the API's description knows it.

use std::fmt::Write as _;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::registry;

/// A KPI's id: one of those in the registry, with what each means.
pub struct KpiId;

impl PartialSchema for KpiId {
    fn schema() -> RefOr<Schema> {
        let mut description = String::from("Names a KPI.\n");
        for kpi in registry() {
            // Writing to a string cannot fail.
            let _ = write!(description, "\n- `{}`: {}. {}", kpi.id, kpi.title, kpi.doc);
        }
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(registry().iter().map(|kpi| kpi.id)))
            .description(Some(description))
            .into()
    }
}

impl ToSchema for KpiId {}

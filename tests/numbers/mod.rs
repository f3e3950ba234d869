//! What numbers must be by their definitions, where a wall script cannot say it: for every KPI, for
//! every size, in receipts, and of the logs of real networks.

mod late;
mod percentiles;
mod queue_log;
mod receipts;
mod replay;
mod selectors;
mod story;
mod telegram;

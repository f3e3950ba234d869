//! Packs plugins.

//! The signal files of one record, each read once however many segments share it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Result;
use crate::formats::Sisters;

/// Reads sister files and keeps them while the record is read.
pub struct Files<'a> {
    sisters: &'a dyn Sisters,
    read: HashMap<String, Arc<Vec<u8>>>,
}

impl<'a> Files<'a> {
    /// No file read yet.
    pub fn new(sisters: &'a dyn Sisters) -> Self {
        Self { sisters, read: HashMap::new() }
    }

    /// The bytes of a file.
    pub fn get(&mut self, name: &str) -> Result<Arc<Vec<u8>>> {
        if let Some(bytes) = self.read.get(name) {
            return Ok(Arc::clone(bytes));
        }
        let bytes = Arc::new(self.sisters.sister(name)?);
        self.read.insert(name.to_owned(), Arc::clone(&bytes));
        Ok(bytes)
    }

    /// Was this file read as part of the record?
    pub fn holds(&self, name: &str) -> bool {
        self.read.contains_key(name)
    }
}

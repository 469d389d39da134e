//! The only SQL: durable layers, schemes and staff.
//!
//! The embedded store is a GeoPackage, so that QGIS and `ogrinfo` open it as it is. A change is one transaction; when
//! [`Store::change`] has answered, it is on disk.

mod gpkg;
mod lock;

pub use gpkg::{
    BlobError, Change, ChangedRows, Mode, Put, Reader, RowFault, Store, StoreError, StoredLayer,
    Tally, Twin,
};
pub use lock::{LockError, ServiceLock};

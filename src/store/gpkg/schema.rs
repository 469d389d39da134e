//! The tables of an empty store, and the steps from one schema version to the next.

/// One step a schema version: step n leads from version n to n + 1. Steps are never edited once released, only added.
pub(super) const STEPS: &[&str] = &[CREATE, LOG];

/// Times in the store are UTC texts of equal length, so that they sort as text.
const CREATE: &str = r#"
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE wangge_store (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  schema INTEGER NOT NULL,
  version INTEGER NOT NULL
);
INSERT INTO wangge_store VALUES (1, 1, 0);
CREATE TABLE wangge_scheme (
  name TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL,
  levels TEXT NOT NULL,
  overlay INTEGER NOT NULL,
  priority INTEGER NOT NULL
);
CREATE TABLE wangge_layer (
  name TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL
);
CREATE TABLE staff (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  layer TEXT NOT NULL,
  code TEXT NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  valid_from DATETIME,
  valid_to DATETIME
);
CREATE INDEX wangge_staff_grid ON staff (layer, code);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
  VALUES ('staff', 'attributes', 'staff', 'Who is responsible for a grid, and since when');
"#;

/// What `log.rs` keeps: the `seq`-th change of a table's rows; `fid` is null where any row may have changed.
const LOG: &str = "
CREATE TABLE wangge_log (
  name TEXT NOT NULL,
  seq INTEGER NOT NULL,
  fid INTEGER,
  PRIMARY KEY (name, seq)
) WITHOUT ROWID;
";

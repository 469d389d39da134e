//! The layers that are there → a MapLibre style document, and the sheet of its icons.
//!
//! How a map looks is written once, in `styles/`: a design (`dark.toml`, …) says colours, widths and sizes, this room says
//! which parts a layer of some kind is drawn by and at which zooms. A part's id is `{layer}|{part}`; what belongs to no layer
//! begins with `~`, which no layer's name can.
//!
//! Deliberately absent: I/O, addresses of hosts, which layers are switched on.

mod base;
mod building;
mod catalogue;
mod colour;
mod design;
mod document;
mod expression;
mod grid;
mod heat;
mod icons;
mod palette;
mod place;
mod point;
mod shape;
mod sprite;
mod stack;
mod tables;
mod zooms;

pub use catalogue::{Catalogue, Drawn, GridPlace, Kind, PlaceMark};
pub use design::{DESIGNS, Design, DesignError, design};
pub use document::{RasterLayer, Surroundings, style};
pub use sprite::{Sheet, SpriteError, sheet};

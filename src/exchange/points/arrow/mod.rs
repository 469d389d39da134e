//! Points as an Arrow IPC stream (Arrow columnar format 1.5, «IPC Streaming Format»): batches of columns in, the same with
//! columns added out.

mod input;
mod messages;
mod output;

pub use input::{PointBatch, PointBatches};
pub use output::{CodedColumn, CodedTexts, FoundBatches, FoundColumns, TextList};

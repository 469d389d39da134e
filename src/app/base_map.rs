//! 天地图: tiles of its WMTS, asked with the operator's key, which goes nowhere else.

use std::time::Duration;

use ureq::Agent;

use crate::config::Tianditu;

/// How long 天地图 may take for a tile.
pub const PATIENCE: Duration = Duration::from_secs(8);
/// How long reaching it may take.
const CONNECT: Duration = Duration::from_secs(3);
/// A tile is no larger, bytes.
const LARGEST: u64 = 2 << 20;
/// Its WMTS answers by these zooms.
pub const ZOOMS: std::ops::RangeInclusive<u8> = 1..=18;

/// A tile that is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum BaseMapError {
    #[error("there is no layer {given} of 天地图 here; [map.tianditu] layers names {known}")]
    UnknownLayer { given: String, known: String },
    #[error(
        "天地图 did not answer in time; try again, or leave [map.tianditu] out to draw without it"
    )]
    Late,
    #[error(
        "天地图 cannot be reached: {reason}; see whether this machine reaches the address of [map.tianditu]"
    )]
    Unreachable { reason: String },
    #[error(
        "天地图 answered with status {status}; see whether [map.tianditu] key is right and its daily number of requests is not used up"
    )]
    Refused { status: u16 },
    #[error("天地图 has no such tile")]
    NoTile,
    #[error(
        "天地图 answered with {given} instead of a picture; see whether [map.tianditu] key is right"
    )]
    NoPicture { given: String },
    #[error("天地图 answered with more than {LARGEST} bytes for one tile")]
    TooLarge,
}

/// A picture as it goes on to the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// The kinds of pictures that are passed on.
const KINDS: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

/// What asks 天地图. Nothing is asked before a tile is wanted.
#[derive(Debug)]
pub struct BaseMap {
    choice: Tianditu,
    agent: Agent,
}

impl BaseMap {
    /// By the operator's choice, with so much time for a tile.
    #[must_use]
    pub fn new(choice: Tianditu, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .timeout_connect(Some(CONNECT.min(patience)))
            .http_status_as_error(false)
            // The key is for one host; no answer may send it elsewhere.
            .max_redirects(0)
            .user_agent(concat!("wangge/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            choice,
            agent: config.into(),
        }
    }

    /// The layers that may be asked for, from below.
    #[must_use]
    pub fn layers(&self) -> &[String] {
        &self.choice.layers
    }

    /// A tile of a layer; the address must be one of [`ZOOMS`]. Blocks until it is there.
    ///
    /// # Errors
    /// Where the layer is none of those configured, or 天地图 gives no picture in time.
    pub fn tile(&self, layer: &str, zoom: u8, x: u32, y: u32) -> Result<Picture, BaseMapError> {
        if !self.choice.layers.iter().any(|known| known == layer) {
            return Err(BaseMapError::UnknownLayer {
                given: layer.to_owned(),
                known: self.choice.layers.join(", "),
            });
        }
        let host = self
            .choice
            .address
            .replace("{s}", &(x.wrapping_add(y) % 8).to_string());
        let key = &self.choice.key;
        let address = format!(
            "{host}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={zoom}&TILEROW={y}&TILECOL={x}&tk={key}"
        );
        let mut answer = self.agent.get(&address).call().map_err(fault)?;
        match answer.status().as_u16() {
            200 => {}
            404 => return Err(BaseMapError::NoTile),
            status => return Err(BaseMapError::Refused { status }),
        }
        let given = answer.body().mime_type().unwrap_or("nothing");
        let Some(kind) = KINDS.into_iter().find(|kind| *kind == given) else {
            return Err(BaseMapError::NoPicture {
                given: given.chars().take(60).collect(),
            });
        };
        let body = answer.body_mut().with_config().limit(LARGEST);
        let bytes = body.read_to_vec().map_err(fault)?;
        Ok(Picture { kind, bytes })
    }
}

/// What went wrong, without the address, which holds the key.
fn fault(error: ureq::Error) -> BaseMapError {
    let reason = match error {
        ureq::Error::Timeout(_) => return BaseMapError::Late,
        ureq::Error::BodyExceedsLimit(_) => return BaseMapError::TooLarge,
        ureq::Error::HostNotFound => "its host is not found".to_owned(),
        ureq::Error::ConnectionFailed => "no connection".to_owned(),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "its address is none".to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            return BaseMapError::Late;
        }
        ureq::Error::Io(error) => error.kind().to_string(),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "its certificate is not trusted".to_owned(),
        _ => "its answer is not HTTP".to_owned(),
    };
    BaseMapError::Unreachable { reason }
}

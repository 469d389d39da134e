//! Makes sure that there is a screen to embed: `make build` puts the real one in `web/dist`; without it the binary carries a
//! page that says so, and `cargo` alone still builds.

use std::fs;
use std::path::Path;

const ABSENT: &str = "<!doctype html><meta charset=utf-8><title>wangge 网格</title>\
<p>本程序未包含界面，请运行 <code>make build</code>。</p>\
<p>This binary was built without its screen; run <code>make build</code>.</p>";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=web/dist");
    // Icons and letters lie in folders, of which a new file would not be seen.
    println!("cargo::rerun-if-changed=styles");
    let dist = Path::new("web/dist");
    let index = dist.join("index.html");
    if !index.exists() {
        fs::create_dir_all(dist)?;
        fs::write(index, ABSENT)?;
    }
    Ok(())
}

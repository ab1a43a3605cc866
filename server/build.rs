//! Makes the folder of the embedded site, so that a plain `cargo check` works before the first `cargo xtask build`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(error) = std::fs::create_dir_all("site") {
        println!("cargo::error=server/site cannot be made: {error}");
    }
}

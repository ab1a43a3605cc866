fn main() {
    // The migrations are compiled in; a new file must lead to a new build.
    println!("cargo:rerun-if-changed=../../migrations");
}

//! The outside of WebAssembly modules: sections, lengths, numbers (WebAssembly Core Specification, section 5).

/// How every module begins: its magic and its version.
pub const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

pub const CUSTOM: u8 = 0;
pub const IMPORT: u8 = 2;
pub const CODE: u8 = 10;

/// The sections of a module and their numbers; `None` when it is none.
pub fn sections(module: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut rest = module.strip_prefix(&HEADER)?;
    let mut sections = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        sections.push((*id, take(&mut rest)?));
    }
    Some(sections)
}

/// Something that a module takes from outside.
pub struct Import<'a> {
    pub module: &'a [u8],
    pub name: &'a [u8],
    /// What it is, from the byte of its kind on.
    pub what: &'a [u8],
}

impl Import<'_> {
    pub fn is_function(&self) -> bool {
        self.what.first() == Some(&0)
    }
}

/// What the section of imports lists.
pub fn imports(mut body: &[u8]) -> Option<Vec<Import<'_>>> {
    let mut imports = Vec::new();
    for _ in 0..read(&mut body)? {
        let (module, name) = (take(&mut body)?, take(&mut body)?);
        let start = body;
        let (kind, after) = body.split_first()?;
        body = after;
        match kind {
            // A function's type.
            0 => drop(read(&mut body)?),
            // A table: what it holds and how much.
            1 => {
                body = body.get(1..)?;
                limits(&mut body)?;
            }
            // A memory.
            2 => limits(&mut body)?,
            // A global: its type, and whether it changes.
            3 => body = body.get(2..)?,
            _ => return None,
        }
        imports.push(Import { module, name, what: start.get(..start.len() - body.len())? });
    }
    Some(imports)
}

fn limits(body: &mut &[u8]) -> Option<()> {
    let flags = read(body)?;
    read(body)?;
    if flags & 1 == 1 {
        read(body)?;
    }
    Some(())
}

/// Bytes with their number before them.
pub fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = read(rest)?;
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

/// A number as LEB128, seven bits a byte.
pub fn read(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= usize::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Some(number);
        }
    }
    None
}

/// Writes such a number.
pub fn write(out: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        out.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes bytes with their number before them.
pub fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    write(out, bytes.len());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive() {
        for number in [0, 127, 128, 300, 70_000] {
            let mut out = Vec::new();
            write(&mut out, number);
            assert_eq!(read(&mut out.as_slice()), Some(number));
        }
    }
}

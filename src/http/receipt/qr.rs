//! An address as a code that a phone's camera reads.

use fast_qr::{ECL, QRBuilder};

/// White around the code, in modules: readers need it.
const MARGIN: usize = 4;

/// The code as an SVG picture; none for addresses that are too long for one.
pub(in crate::http) fn svg(address: &str) -> Option<String> {
    let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
    let mut dark = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            // A run of dark modules is one stroke: the picture stays small.
            let length = row[x..code.size].iter().take_while(|module| module.value()).count();
            if length > 0 {
                dark.push_str(&format!("M{} {}h{length}v1h-{length}z", x + MARGIN, y + MARGIN));
            }
            x += length.max(1);
        }
    }
    let side = code.size + 2 * MARGIN;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         aria-label=\"QR\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path fill=\"#000\" d=\"{dark}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_an_address_has_no_code() {
        assert!(svg("http://wall.example/receipt/floor/waiting").is_some());
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}

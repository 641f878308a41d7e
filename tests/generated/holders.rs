//! Holders, patterns of holders and scopes in words.

use super::catalogue::{Catalogue, ROLES, classes, level};
use super::recipe::Draw;
use super::words::{Both, both, fill, same};

/// Bodies that hold, the likeliest first; a shrunken choice is a Board.
const HOLDING: [usize; 16] = [4, 4, 5, 4, 3, 4, 7, 4, 5, 10, 3, 9, 8, 1, 2, 4];

/// A seat that fits all of the tasks.
pub fn seat(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    let at = draw.of(&HOLDING);
    let body = &catalogue.bodies[at];
    let (chosen, other_place, fixed) = (draw.pick(256), draw.one_in(3), draw.one_in(9));
    let roles: Vec<&[usize]> = tasks.iter().map(|task| catalogue.tasks[*task].roles).collect();
    if body.levels.is_empty() {
        return body.words();
    }
    if fixed || roles.iter().any(|roles| roles.is_empty()) {
        let units = catalogue.register.units(&body.levels);
        return fill("{0} in {1}", "{0} tại {1}", &[&body.words(), &units[chosen % units.len()].words()]);
    }
    // The lowest level first.
    let at_level = body.levels[body.levels.len() - 1 - chosen % body.levels.len()];
    let name = match body.heads {
        Some(headed) if chosen > 200 => fill("head of {0}", "người đứng đầu {0}", &[&catalogue.bodies[headed].words()]),
        _ => body.words(),
    };
    let said = fill("{0} at {1}", "{0} {1}", &[&name, &level(at_level)]);
    match roles.as_slice() {
        [[_, second, ..]] if other_place => {
            let role = if chosen % 3 == 0 { roles[0][0] } else { *second };
            fill("{0} of {1}", "{0} nơi {1}", &[&said, &same(ROLES[role].0)])
        }
        // A body of one level needs none said.
        _ if body.levels.len() == 1 && chosen % 2 == 0 => name,
        _ => said,
    }
}

/// A pattern of givers or receivers; only a receiver's level may be said relative to the giver.
pub fn pattern(receiver: bool, catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    const PATTERNS: [usize; 10] = [4, 4, 5, 4, 6, 3, 11, 7, 1, 10];
    let at = draw.of(&PATTERNS);
    let body = &catalogue.bodies[at];
    let head = draw.one_in(5) && body.levels.len() != 1;
    let (form, chosen) = (draw.pick(if receiver { 8 } else { 5 }), draw.pick(256));
    let name = if head { fill("head of {0}", "người đứng đầu {0}", &[&body.words()]) } else { body.words() };
    let is_class = classes().contains(&at);
    if body.levels.is_empty() && !is_class {
        return name;
    }
    let levels = if is_class { &catalogue.levels } else { &body.levels };
    match form {
        1 | 2 => fill("{0} at {1}", "{0} {1}", &[&name, &level(levels[chosen % levels.len()])]),
        3 if chosen % 3 == 0 => {
            let units = catalogue.register.units(levels);
            fill("{0} in {1}", "{0} tại {1}", &[&name, &units[chosen % units.len()].words()])
        }
        5 => fill("{0} at the same level", "{0} cùng cấp", &[&name]),
        6 => fill("{0} at the next lower level", "{0} cấp dưới trực tiếp", &[&name]),
        7 => fill("{0} at any lower level", "{0} cấp dưới", &[&name]),
        _ => name,
    }
}

/// One scope: a unit, a former unit, a type, or a type in a unit.
pub fn scope(catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    let units = catalogue.register.units(&[0, 1, 2]);
    let unit = units[draw.pick(units.len())].words();
    let kinds = catalogue.register.kinds();
    let kind = same(kinds[draw.pick(kinds.len())]);
    match draw.pick(8) {
        1 | 2 => {
            let former = &catalogue.register.former;
            if former.is_empty() {
                return unit;
            }
            let former = former[draw.pick(former.len())].words();
            fill("former {0}", "{0} cũ", &[&former])
        }
        3 => fill("of type {0}", "thuộc loại {0}", &[&kind]),
        4 => fill("{0} of type {1}", "{0} thuộc loại {1}", &[&unit, &kind]),
        _ => unit,
    }
}

/// A body that exists at levels, and one of these.
pub fn body_at_level(catalogue: &Catalogue, draw: &mut Draw<'_>) -> (Both, Both) {
    let body = &catalogue.bodies[draw.of(&[3, 4, 5, 7])];
    (body.words(), level(body.levels[draw.pick(body.levels.len())]))
}

/// A body and another that carries on for it.
pub fn succession(catalogue: &Catalogue, draw: &mut Draw<'_>) -> (Both, Both) {
    const CARRIED: [(usize, usize); 6] = [(4, 3), (5, 4), (3, 5), (7, 9), (1, 2), (3, 4)];
    let (old, new) = draw.of(&CARRIED);
    (catalogue.bodies[old].words(), catalogue.bodies[new].words())
}

/// The two languages say a modal verb and its passive.
pub fn modal(draw: &mut Draw<'_>) -> (Both, Both) {
    match draw.pick(6) {
        0..=2 => (both("may", "được"), both("may be", "được")),
        3 | 4 => (both("must not", "không được"), both("must not be", "không được")),
        _ => (both("must", "phải"), both("must be", "phải")),
    }
}

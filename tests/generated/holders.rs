//! Holders, patterns of holders and scopes in words.

use super::catalogue::{Catalogue, classes, level, role};
use super::recipe::Draw;
use super::words::{Both, both, fill, same};

/// Bodies that hold, the likeliest first; a shrunken choice is a Board.
const HOLDING: [usize; 16] = [4, 4, 5, 4, 3, 4, 7, 4, 5, 10, 3, 9, 8, 1, 2, 4];

/// A seat that fits all of some tasks, in parts.
struct Seat {
    name: Both,
    at: At,
}

enum At {
    /// A body without a level, or of one level, which need not be said.
    Unsaid,
    Unit(Both),
    Level {
        level: usize,
        role: Option<usize>,
    },
}

impl Seat {
    fn words(&self) -> Both {
        match &self.at {
            At::Unsaid => self.name.clone(),
            At::Unit(unit) => fill("{0} in {1}", "{0} tại {1}", &[&self.name, unit]),
            At::Level { level: at, role: None } => fill("{0} at {1}", "{0} {1}", &[&self.name, &level(*at)]),
            At::Level { level: at, role: Some(of) } => {
                fill("{0} at {1} of {2}", "{0} {1} nơi {2}", &[&self.name, &level(*at), &role(*of)])
            }
        }
    }
}

fn drawn(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> (Seat, Vec<usize>) {
    let at = draw.of(&HOLDING);
    let body = &catalogue.bodies[at];
    let (chosen, other_place, fixed) = (draw.pick(256), draw.one_in(3), draw.one_in(9));
    let roles: Vec<&Vec<usize>> = tasks.iter().map(|task| &catalogue.tasks[*task].roles).collect();
    let seat = |name: Both, at: At| (Seat { name, at }, body.levels.clone());
    if body.levels.is_empty() {
        return seat(body.words(), At::Unsaid);
    }
    if fixed || roles.iter().any(|roles| roles.is_empty()) {
        let units = catalogue.register.units(&body.levels);
        return seat(body.words(), At::Unit(units[chosen % units.len()].words()));
    }
    // The lowest level first.
    let level = body.levels[body.levels.len() - 1 - chosen % body.levels.len()];
    let name = match body.heads {
        Some(headed) if chosen > 200 => fill("head of {0}", "người đứng đầu {0}", &[&catalogue.bodies[headed].words()]),
        _ => body.words(),
    };
    match roles.as_slice() {
        [roles] if roles.len() > 1 && other_place => {
            let role = if chosen % 3 == 0 { roles[0] } else { roles[1 + chosen / 3 % (roles.len() - 1)] };
            seat(name, At::Level { level, role: Some(role) })
        }
        // A body of one level needs none said.
        _ if body.levels.len() == 1 && chosen % 2 == 0 => seat(name, At::Unsaid),
        _ => seat(name, At::Level { level, role: None }),
    }
}

/// A seat beside whoever decides, or that receives.
pub fn seat(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    drawn(tasks, catalogue, draw).0.words()
}

/// A seat that something is moved to: in a task without a place it may be one where the holder is.
pub fn receiver(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    let (mut seat, levels) = drawn(tasks, catalogue, draw);
    let chosen = draw.place(4);
    if chosen > 1 && !levels.is_empty() && matches!(seat.at, At::Unit(_)) {
        seat.at = At::Level { level: levels[chosen % levels.len()], role: None };
    }
    seat.words()
}

/// One who takes part in handling a task: perhaps any of a level.
pub fn handler(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    let (Seat { name, at }, _) = drawn(tasks, catalogue, draw);
    match at {
        At::Level { level: at, .. } if draw.place(4) == 3 => {
            fill("{0} at any {1}", "{0} {1} bất kỳ", &[&name, &level(at)])
        }
        at @ (At::Unsaid | At::Unit(_) | At::Level { .. }) => Seat { name, at }.words(),
    }
}

/// One whose approval or the like is required; now and then each other unit.
pub fn required(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Both {
    let (Seat { name, at }, _) = drawn(tasks, catalogue, draw);
    match at {
        At::Level { level: at, role: of } if draw.place(3) == 2 => {
            let words = fill("each other {0} at {1}", "từng {0} {1} còn lại", &[&name, &level(at)]);
            of.map_or(words.clone(), |of| fill("{0} of {1}", "{0} nơi {1}", &[&words, &role(of)]))
        }
        at @ (At::Unsaid | At::Unit(_) | At::Level { .. }) => Seat { name, at }.words(),
    }
}

/// Who decides, in words, and as a giver; whether several may, so that it must be said how they share.
pub struct Deciding {
    pub words: Both,
    pub giver: Both,
    pub shares: bool,
}

/// A seat that decides: perhaps of the places of several roles, any unit, or one of several.
pub fn deciding(tasks: &[usize], catalogue: &Catalogue, draw: &mut Draw<'_>) -> Deciding {
    let (seat, levels) = drawn(tasks, catalogue, draw);
    let (chosen, which) = (draw.place(12), draw.place(64));
    let (roles, optional) = (catalogue.roles(tasks), catalogue.optional(tasks));
    let plain = seat.words();
    if levels.is_empty() {
        return Deciding { giver: plain.clone(), words: plain, shares: false };
    }
    let said = if let At::Level { level, .. } = seat.at { level } else { levels[which % levels.len()] };
    let bare = fill("{0} at {1}", "{0} {1}", &[&seat.name, &level(said)]);
    let of = |at: usize| fill("{0} of {1}", "{0} nơi {1}", &[&bare, &role(at)]);
    let several = |words: &Both| fill("one of the {0}", "một trong các {0}", &[words]);
    let other = |than: usize| roles.iter().copied().cycle().skip(which).take(roles.len()).find(|at| *at != than);
    let giver = if which % 2 == 0 { bare.clone() } else { plain.clone() };
    let first = roles.get(which % roles.len().max(1)).copied();
    match (chosen, first) {
        (1 | 2, _) => {
            let words = fill("{0} at any {1}", "{0} {1} bất kỳ", &[&seat.name, &level(said)]);
            return Deciding { words, giver: bare, shares: false };
        }
        (3, Some(_)) => return Deciding { words: several(&bare), giver: bare, shares: true },
        (4, Some(first)) => return Deciding { words: several(&of(first)), giver, shares: true },
        _ => {}
    }
    if let (5..=7, Some(first)) = (chosen, first)
        && let Some(second) = other(first)
    {
        let words = fill("{0} or of {1}", "{0} hoặc nơi {1}", &[&of(first), &role(second)]);
        let words = if chosen == 7 { several(&words) } else { words };
        return Deciding { words, giver: if giver == plain { of(first) } else { giver }, shares: true };
    }
    if chosen > 7
        && let Some(first) = optional.get(which % optional.len().max(1))
        && let Some(second) = other(*first)
    {
        let words = fill("{0}, else of {1}", "{0}, không có thì nơi {1}", &[&of(*first), &role(second)]);
        return Deciding { words, giver: if giver == plain { of(second) } else { giver }, shares: false };
    }
    Deciding { giver: plain.clone(), words: plain, shares: false }
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

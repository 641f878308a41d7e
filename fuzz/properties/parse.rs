//! Any bytes as a rule file beside a small catalogue: read, parsed and bound. Never a panic, and nothing that takes long.

use std::sync::OnceLock;

use thamquyen::bind::bind;
use thamquyen::register::RegisterFiles;
use thamquyen::source::Sources;
use thamquyen::syntax::parse;
use thamquyen::syntax::tree::File;

/// A few units of the cases' register: it is bound anew with every input.
const UNITS: &str = "code,name,short_name,type,level,parent_code,from,before,document
1,Vùng Bạch Sa,Bạch Sa,vùng,vung,,2000-01-01,,
11,Phủ Đông,Đông,phủ,phu,1,2000-01-01,2010-01-01,
101,Làng An Cư,An Cư,làng,lang,11,2000-01-01,2010-01-01,
101,Làng An Cư,An Cư,làng,lang,1,2010-01-01,2015-01-01,
102,Làng Đông Hải,Đông Hải,làng,lang,1,2015-01-01,,
";

const SUCCESSIONS: &str = "date,document,old_code,new_code,portion
2015-01-01,7/2014,101,102,whole
";

/// The catalogue is read once, so that nearly all of an execution is spent on the input.
struct Beside {
    sources: Sources,
    catalogue: File,
    registers: [RegisterFiles; 1],
}

static BESIDE: OnceLock<Beside> = OnceLock::new();

fn beside() -> Beside {
    let text = include_str!("../../tests/cases/good/catalogue.tq");
    let mut sources = Sources::default();
    let (catalogue, problems) = parse::file(sources.add("catalogue.tq", text), text);
    assert!(problems.is_empty(), "{problems:?}");
    let registers = [RegisterFiles {
        units_path: "units.csv".to_owned(),
        units: UNITS.to_owned(),
        successions_path: "successions.csv".to_owned(),
        successions: SUCCESSIONS.to_owned(),
    }];
    Beside { sources, catalogue, registers }
}

pub(crate) fn holds(bytes: &[u8]) {
    let Ok(text) = parse::normalize(bytes) else { return };
    let beside = BESIDE.get_or_init(beside);
    let mut sources = beside.sources.clone();
    let (file, mut diagnostics) = parse::file(sources.add("input.tq", text.as_str()), &text);
    let (rulebook, found) = bind(&[beside.catalogue.clone(), file], &sources, &beside.registers);
    diagnostics.extend(found);
    // Every problem points into a text, and every provision into its document.
    for diagnostic in &diagnostics {
        let _ = sources.snippet(diagnostic.span);
        let _ = sources.line_column(diagnostic.span);
    }
    for provision in &rulebook.provisions {
        let _ = &rulebook[rulebook[provision.text].document].number;
    }
}

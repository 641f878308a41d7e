//! What a task's diagrams cost: independent requirements add, conditions of one holder multiply, and beyond the bound an error
//! names the sentences.

use std::fmt::Write as _;

use thamquyen::library::{self, Library};
use thamquyen::partition::Partition;
use thamquyen::reading::verify::check;
use thamquyen::rulebook::TaskId;
use thamquyen::ruling::Outcome;

/// A task with so many yes-or-no facts, and for each of them a sentence.
fn library(facts: usize, sentence: impl Fn(usize) -> String) -> Library {
    let mut text = String::from(
        "level tinh \"cấp tỉnh\" / \"province\"\n\nkind luat \"luật\" / \"law\"\n  rank 90\n  may assign\n\n\
         body quoc-hoi \"Quốc hội\" / \"National Assembly\"\n",
    );
    let write = |text: &mut String, line: String| writeln!(text, "{line}").expect("memory");
    for fact in 0..facts {
        write(
            &mut text,
            format!(
                "body so-{fact} \"Sở {fact}\" / \"Office {fact}\"\nfact co-{fact} \"có {fact}\" / \"has {fact}\"\n  is yes or no"
            ),
        );
    }
    let names: Vec<String> = (0..facts).map(|fact| format!("co-{fact}")).collect();
    write(&mut text, format!("\ntask cap-phep \"Cấp phép\" / \"Permit\"\n  facts {}\n", names.join(", ")));
    write(
        &mut text,
        "document 1/2014/QH \"Luật\"\n  law, issued 2013-11-29 by quoc-hoi\n  in force from 2014-07-01\n\narticle 1\n  cap-phep is decided by quoc-hoi"
            .to_owned(),
    );
    (0..facts).for_each(|fact| write(&mut text, format!("  {}\n    when co-{fact}", sentence(fact))));
    let library = library::from_texts(&[("rules.tq", &text)]);
    assert_eq!(library.errors(), 0, "{:?}\n{text}", library.diagnostics.first());
    library
}

#[test]
fn independent_requirements_add() {
    let nodes = |facts: usize| {
        let library = library(facts, |fact| format!("cap-phep requires prior approval of so-{fact}"));
        let partition = Partition::new(&library.rulebook, TaskId(0)).expect("few regions");
        (partition.diagrams.len(), partition.regions)
    };
    let (small, large) = (nodes(10), nodes(40));
    assert!(large.0 <= 4 * small.0 && large.1 <= 4 * small.1, "{small:?} {large:?}");
}

#[test]
fn what_multiplies_is_refused_and_named() {
    let also = |fact: usize| format!("cap-phep is also decided by so-{fact}");
    assert!(Partition::new(&library(6, also).rulebook, TaskId(0)).is_ok());
    let library = library(15, also);
    let refused = Partition::new(&library.rulebook, TaskId(0)).expect_err("two to the fifteenth");
    assert_eq!(refused.provisions.len(), 5);
}

/// What the one task of these rules comes to somewhere, which is what the law says.
fn outcomes(rules: &str, units: &str) -> Vec<Outcome> {
    let successions = "date,document,old_code,new_code,portion\n";
    let library = library::from_texts(&[("rules.tq", rules), ("units.csv", units), ("successions.csv", successions)]);
    assert_eq!(library.errors(), 0, "{:?}\n{rules}", library.diagnostics);
    let partition = Partition::new(&library.rulebook, TaskId(0)).expect("few regions");
    check(&library.rulebook, &partition).expect("what the law says");
    partition.holdings.iter().flatten().map(|holding| holding.outcome).collect()
}

/// What is open on an earlier day is judged by the units of that day: there are no shires any more when somebody asks who decided
/// while there were.
#[test]
fn what_was_open_is_read_by_the_units_of_its_day() {
    let rules = "level vung \"cấp vùng\" / \"region\"\nlevel phu \"cấp phủ\" / \"shire\"\n  below vung\n\
        level lang \"cấp làng\" / \"village\"\n  below phu\n\n\
        kind luat \"luật\" / \"law\"\n  rank 90\n  may assign\n\nbody hoi-dong \"Hội đồng\" / \"Council\"\n  at region\n\n\
        place noi-co-cay \"nơi có cây\" / \"site\"\n\n\
        task chat-cay \"chặt cây\" / \"felling\"\n  places noi-co-cay\n  left open when noi-co-cay spans more than one shire\n\n\
        register \"units.csv\", \"successions.csv\"\n\n\
        document 1/2002 of Council in region \"Bạch Sa\" \"Luật\"\n  law, issued 2002-07-01\n  in force from 2002-07-01\n\n\
        article 1\n  chat-cay is decided by whoever decided it on 2002-01-01\n";
    let units = "code,name,short_name,type,level,parent_code,from,before,document\n\
        1,Vùng Bạch Sa,Bạch Sa,vùng,vung,,2000-01-01,,\n\
        11,Phủ Phong Điền,Phong Điền,phủ,phu,1,2000-01-01,2002-07-01,\n\
        12,Phủ Quảng Tây,Quảng Tây,phủ,phu,1,2000-01-01,2002-07-01,\n\
        101,Làng An Cư,An Cư,làng,lang,11,2000-01-01,2002-07-01,\n\
        103,Làng Cát Tường,Cát Tường,làng,lang,12,2000-01-01,2002-07-01,\n\
        101,Làng An Cư,An Cư,làng,lang,1,2002-07-01,,\n\
        103,Làng Cát Tường,Cát Tường,làng,lang,1,2002-07-01,,\n";
    let outcomes = outcomes(rules, units);
    assert!(outcomes.contains(&Outcome::Open) && outcomes.contains(&Outcome::Gap), "{outcomes:?}");
}

/// A text that suspends the abolition of its own issuer's level: whether that issuer was there hangs on itself, and is answered on
/// the day of issue as on any other.
#[test]
fn who_suspends_their_own_abolition_is_there_on_every_day() {
    let rules = "level vung \"cấp vùng\" / \"region\"\nlevel lang \"cấp làng\" / \"village\"\n  below vung\n\n\
        kind luat \"luật\" / \"law\"\n  rank 90\n  may assign\n\nbody quoc-hoi \"Quốc hội\" / \"Parliament\"\n\
        body uy-ban \"Ủy ban\" / \"Board\"\n  at region, village\n\n\
        place noi-co-cay \"nơi có cây\" / \"site\"\n\n\
        task chat-cay \"chặt cây\" / \"felling\"\n  places noi-co-cay\n\n\
        register \"units.csv\", \"successions.csv\"\n\n\
        document 1/2000 \"Luật\"\n  law, issued 2001-01-01 by Parliament\n  in force from 2001-01-01\n\n\
        article 1\n  chat-cay is decided by Board at village\n\narticle 2\n  there is no village\n\n\
        document 2/2000 of Board in village \"An Cư\" \"Luật của An Cư\"\n  law, issued 2002-01-01\n  in force from 2002-01-01\n\n\
        article 1\n  suspends article 2 of 1/2000\n";
    let units = "code,name,short_name,type,level,parent_code,from,before,document\n\
        1,Vùng Bạch Sa,Bạch Sa,vùng,vung,,2000-01-01,,\n\
        101,Làng An Cư,An Cư,làng,lang,1,2000-01-01,,\n\
        102,Làng Bình Hòa,Bình Hòa,làng,lang,1,2000-01-01,,\n";
    let outcomes = outcomes(rules, units);
    assert!(outcomes.contains(&Outcome::Orphaned) && outcomes.contains(&Outcome::Decided), "{outcomes:?}");
}

//! Ids of sentences are sorted by what is written, which is another thing in the other language. To compare two libraries whose
//! sentences stand on the same lines, both are numbered by these lines.

use std::collections::BTreeMap;

use thamquyen::library::Library;
use thamquyen::rulebook::{PrevailsOver, ProvisionId, ReadingId, Rulebook, Statement, TextId};
use thamquyen::source::{SourceId, Span};

const NOWHERE: Span = Span { source: SourceId(0), start: 0, end: 0 };

/// Where something stands: file, line, and which of the tasks of a sentence.
type Place = (String, usize, Option<u32>);

fn place(library: &Library, span: Span, task: Option<u32>) -> Place {
    let path = library.sources.get(span.source).map(|source| source.path.to_string()).unwrap_or_default();
    (path, library.sources.line_column(span).0, task)
}

/// From each number to its rank by place.
fn ranks(places: Vec<Place>) -> Vec<u32> {
    let mut sorted: Vec<(Place, usize)> = places.into_iter().zip(0..).collect();
    sorted.sort();
    let mut ranks = vec![0; sorted.len()];
    for ((_, at), rank) in sorted.iter().zip(0..) {
        ranks[*at] = rank;
    }
    ranks
}

/// A table in the order of its new numbers.
fn permuted<T: Clone>(table: &[T], ranks: &[u32]) -> Vec<T> {
    let by_rank: BTreeMap<u32, &T> = ranks.iter().copied().zip(table).collect();
    by_rank.into_values().cloned().collect()
}

/// The rulebook with sentences, texts and readings numbered by where they stand, and no places in it.
pub fn by_line(library: &Library) -> Rulebook {
    let mut rulebook = library.rulebook.clone();
    let of = |id: &ProvisionId| rulebook[*id].statement.task().map(|task| task.0);
    let ids = (0..).zip(&rulebook.provisions).map(|(at, _)| ProvisionId(at));
    let provisions = ranks(ids.map(|id| place(library, rulebook[id].span, of(&id))).collect());
    let texts = ranks(rulebook.texts.iter().map(|text| place(library, text.span, None)).collect());
    let readings =
        ranks(rulebook.readings.iter().map(|reading| place(library, rulebook[reading.text].span, None)).collect());
    rulebook.provisions = permuted(&rulebook.provisions, &provisions);
    rulebook.texts = permuted(&rulebook.texts, &texts);
    rulebook.readings = permuted(&rulebook.readings, &readings);
    let renew = |ids: &mut Vec<ProvisionId>| {
        ids.iter_mut().for_each(|id| *id = ProvisionId(provisions[id.0 as usize]));
        ids.sort();
    };
    for provision in &mut rulebook.provisions {
        provision.text = TextId(texts[provision.text.0 as usize]);
        if let Some((reading, _)) = &mut provision.reading {
            *reading = ReadingId(readings[reading.0 as usize]);
        }
        provision.cases.iter_mut().for_each(|cases| renew(&mut cases.of));
        provision.prevails.iter_mut().for_each(|PrevailsOver { over, .. }| renew(over));
        renew(&mut provision.yields);
        if let Statement::Transfer { under: Some(under), .. } = &mut provision.statement {
            renew(under);
        } else if let Statement::Act { hits, .. } = &mut provision.statement {
            renew(hits);
        } else if let Statement::Governs { within, .. } = &mut provision.statement {
            renew(within);
        }
        provision.span = NOWHERE;
    }
    for task in &mut rulebook.tasks {
        renew(&mut task.provisions);
        task.span = NOWHERE;
    }
    rulebook.readings.iter_mut().for_each(|reading| reading.text = TextId(texts[reading.text.0 as usize]));
    rulebook.texts.iter_mut().for_each(|text| text.span = NOWHERE);
    rulebook.tables.iter_mut().for_each(|table| table.span = NOWHERE);
    rulebook.documents.iter_mut().for_each(|document| document.span = NOWHERE);
    rulebook
}

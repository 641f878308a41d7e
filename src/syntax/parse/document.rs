//! Documents, their articles, and what stands under an article besides provisions.

use super::Rule;
use super::condition;
use super::keyword::Kind;
use super::layout::Line;
use super::line::Reader;
use super::node::Node;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{
    Address, Article, DocumentItem, LapsesInPart, Name, PrevailsOverKinds, Quote, Reading, Settled,
};
use crate::text::shadow;

/// How lines begin on which no ruling depends, as the grammar sees them.
const BESIDE: [&str; 6] = ["căn cứ", "rests on", "độ tin cậy", "confidence", "đã đối chiếu", "checked"];

impl Reader {
    pub(super) fn document(&mut self, form: &Node<'_>, line: &Line<'_>) -> Option<DocumentItem> {
        let number = form.child(Rule::name_number).map(Node::name);
        let mut document = DocumentItem {
            number: self.built(number, form.span)?,
            unverified: unverified(form),
            issuer: condition::first_holder(form),
            title: form.child(Rule::name_title).map(Node::name),
            kind: None,
            issued: None,
            issued_unverified: false,
            in_force: Vec::new(),
            in_force_unverified: false,
            rests_on: Vec::new(),
            prevails: None,
            lapses: None,
            checked: None,
            confidence: None,
            articles: Vec::new(),
            damaged: false,
            lost_article: false,
            span: form.span,
        };
        for line in &line.below {
            match self.leaf(line, Rule::line_document) {
                Some(form) => self.document_line(&mut document, &form),
                // A lost basis or grade changes no ruling; any other lost line may.
                None => document.damaged |= !BESIDE.iter().any(|word| shadow(line.text).starts_with(word)),
            }
        }
        Some(document)
    }

    fn document_line(&mut self, document: &mut DocumentItem, form: &Node<'_>) {
        if form.is(Rule::document_force) {
            if let Some(period) = form.child(Rule::period) {
                document.in_force.extend(self.built(condition::period(period), form.span));
            }
            document.in_force_unverified |= unverified(form);
        } else if form.is(Rule::document_rests) {
            document.rests_on.extend(form.children(Rule::document).filter_map(condition::document));
        } else if form.is(Rule::document_prevails) {
            let by = condition::first_document(form);
            let built = form.first_name().zip(by).map(|(up_to, by)| PrevailsOverKinds { up_to, by, span: form.span });
            if let Some(prevails) = self.built(built, form.span) {
                self.set(&mut document.prevails, prevails, form);
            }
        } else if form.is(Rule::document_lapses) {
            let from = form.first_name().zip(condition::first_date(form));
            let built = from.map(|(from_kind, issued_from)| LapsesInPart { from_kind, issued_from, span: form.span });
            if let Some(lapses) = self.built(built, form.span) {
                self.set(&mut document.lapses, lapses, form);
            }
        } else if form.is(Rule::document_checked) {
            if let Some(day) = self.built(condition::first_date(form), form.span) {
                self.set(&mut document.checked, day, form);
            }
        } else if form.is(Rule::confidence) {
            self.confidence(&mut document.confidence, form);
        } else {
            self.issued(document, form);
        }
    }

    /// `law, issued 2013-11-29 by Quốc hội`.
    fn issued(&mut self, document: &mut DocumentItem, form: &Node<'_>) {
        if let Some(kind) = form.first_name() {
            self.set(&mut document.kind, kind, form);
        }
        let Some(issued) = form.child(Rule::issued) else { return };
        if let Some(day) = condition::first_date(issued) {
            self.set(&mut document.issued, day, form);
        }
        document.issued_unverified |= unverified(issued);
        if let Some(issuer) = condition::first_holder(issued) {
            self.set(&mut document.issuer, issuer, form);
        }
    }

    pub(super) fn confidence(&mut self, slot: &mut Option<Name>, form: &Node<'_>) {
        if let Some(grade) = form.child(Rule::grade) {
            self.set(slot, Name::new(grade.text.to_uppercase(), grade.span), form);
        }
    }

    pub(super) fn article(&mut self, form: &Node<'_>, line: &Line<'_>) -> Option<Article> {
        let address = match form.first(Kind::Address) {
            Some(address) => condition::address(address).map(|parts| Spanned::new(parts, address.span)),
            None => Some(Spanned::new(Address(Vec::new()), form.span)),
        };
        let address = self.built(address, form.span)?;
        Some(Article { address, unverified: unverified(form), ..self.article_below(line) })
    }

    /// What stands under an article heading; the heading itself is left to the caller.
    pub(super) fn article_below(&mut self, line: &Line<'_>) -> Article {
        let mut article = Article {
            address: Spanned::new(Address(Vec::new()), line.span),
            unverified: false,
            quotes: Vec::new(),
            period: None,
            confidence: None,
            provisions: Vec::new(),
            readings: Vec::new(),
            settled: Vec::new(),
            damaged: false,
        };
        let mut before: Option<usize> = None;
        for (at, line) in line.below.iter().enumerate() {
            if line.is_quote() && !line.broken {
                self.nothing_below(line);
                let follows = before.is_some_and(|before| before + 1 == at);
                quote(&mut article.quotes, line, follows);
                before = Some(at);
            } else if let Some(form) = self.form(line, Rule::line_article) {
                self.article_line(&mut article, &form, line);
            } else {
                article.damaged = true;
            }
        }
        article
    }

    fn article_line(&mut self, article: &mut Article, form: &Node<'_>, line: &Line<'_>) {
        if form.is(Rule::reading) {
            let provisions: Vec<_> = line.below.iter().filter_map(|line| self.provision_line(line)).collect();
            article.damaged |= provisions.len() < line.below.len();
            let name = form.first_name();
            article.readings.extend(self.built(name, form.span).map(|name| Reading { name, provisions }));
            return;
        }
        if form.is(Rule::period) {
            self.nothing_below(line);
            if let Some(period) = self.built(condition::period(form), form.span) {
                self.set(&mut article.period, period, form);
            }
        } else if form.is(Rule::confidence) {
            self.nothing_below(line);
            self.confidence(&mut article.confidence, form);
        } else if form.is(Rule::settled) {
            self.nothing_below(line);
            let built = condition::first_document(form).zip(form.first_name());
            let built = built.map(|(by, name)| Settled { by, name, span: form.span });
            article.settled.extend(self.built(built, form.span));
        } else {
            let provision = self.provision(form, line);
            article.damaged |= provision.is_none();
            article.provisions.extend(provision);
        }
    }

    fn provision_line(&mut self, line: &Line<'_>) -> Option<crate::syntax::tree::Provision> {
        let form = self.form(line, Rule::line_reading)?;
        self.provision(&form, line)
    }

    /// Reads what is below a heading that was broken, only for the mistakes in it.
    pub(super) fn mistakes_below(&mut self, head: Rule, line: &Line<'_>) {
        let rule = super::node::lookup(
            head,
            &[
                (Rule::head_document, Rule::line_document),
                (Rule::head_level, Rule::line_level),
                (Rule::head_kind, Rule::line_kind),
                (Rule::head_class, Rule::line_body),
                (Rule::head_body, Rule::line_body),
                (Rule::head_place, Rule::line_place),
                (Rule::head_fact, Rule::line_fact),
                (Rule::head_task, Rule::line_task),
                (Rule::head_table, Rule::line_table),
                (Rule::head_cover, Rule::line_cover),
                (Rule::head_scenario, Rule::line_scenario),
            ],
        );
        for line in &line.below {
            if let Some(rule) = rule {
                let _ = self.line(line, rule);
            }
        }
    }
}

pub(super) fn unverified(node: &Node<'_>) -> bool {
    node.has(&[Rule::en_unverified, Rule::vi_chua_kiem_chung])
}

/// Lines that follow each other and are of one sort are one quote.
fn quote(quotes: &mut Vec<Quote>, line: &Line<'_>, follows: bool) {
    let words = line.text.trim_start_matches('>').trim_start();
    let (paraphrase, words) = words.strip_prefix('~').map_or((false, words), |rest| (true, rest.trim_start()));
    match quotes.last_mut() {
        Some(last) if follows && last.paraphrase == paraphrase => {
            last.text.push('\n');
            last.text.push_str(words);
            last.span = last.span.to(line.span);
        }
        _ => {
            let span: Span = line.span;
            quotes.push(Quote { text: words.to_owned(), paraphrase, span });
        }
    }
}

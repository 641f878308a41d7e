//! Writes one line from what the grammar found in it: keywords, names, days and numbers, in one language.
//! Knows the parts that many sentences have; what the sentences are stands beside it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::names::{Names, with_level_word, without_level_word};
use crate::calendar;
use crate::diagnostic::{Noun, Unsayable};
use crate::quantity;
use crate::syntax::parse::{Kind, Node, Rule, spelling};
use crate::syntax::tree::Language;

/// Which names of a line stand in quotation marks, by their order in the line.
#[derive(Debug, Clone)]
pub(super) enum Quoting {
    All,
    Only(BTreeSet<usize>),
}

/// A line that is being written.
pub(super) struct Writer<'a> {
    names: &'a Names,
    pub(super) to: Language,
    quoting: &'a Quoting,
    out: String,
    /// How many names were written that may do without quotation marks.
    count: usize,
    trouble: Option<Unsayable>,
}

impl<'a> Writer<'a> {
    pub(super) const fn new(names: &'a Names, to: Language, quoting: &'a Quoting) -> Self {
        Self { names, to, quoting, out: String::new(), count: 0, trouble: None }
    }

    /// The line, and how many of its names may do without quotation marks.
    pub(super) fn finish(self) -> Result<(String, usize), Unsayable> {
        match self.trouble {
            Some(trouble) => Err(trouble),
            None => Ok((self.out, self.count)),
        }
    }

    /// The one of two that is of the language.
    pub(super) fn either<T>(&self, english: T, vietnamese: T) -> T {
        match self.to {
            Language::English => english,
            Language::Vietnamese => vietnamese,
        }
    }

    pub(super) fn word(&mut self, word: &str) {
        if !self.out.is_empty() {
            self.out.push(' ');
        }
        self.out.push_str(word);
    }

    pub(super) fn comma(&mut self) {
        self.out.push(',');
    }

    pub(super) fn colon(&mut self) {
        self.out.push(':');
    }

    /// A keyword, from its rules in the two languages.
    pub(super) fn keyword(&mut self, english: Rule, vietnamese: Rule) {
        self.word(spelling(self.either(english, vietnamese)));
    }

    /// The first keyword of the node that the pairs list, in the language that is wanted.
    pub(super) fn one_of(&mut self, node: &Node<'_>, pairs: &[(Rule, Rule)]) {
        let listed =
            |part: &Node<'_>| pairs.iter().find(|(english, vietnamese)| part.is(*english) || part.is(*vietnamese));
        if let Some((english, vietnamese)) = node.inner.iter().find_map(listed) {
            self.keyword(*english, *vietnamese);
        }
    }

    /// What one thing after the other writes, with commas between.
    pub(super) fn list<'n, 't: 'n>(
        &mut self,
        nodes: impl IntoIterator<Item = &'n Node<'t>>,
        mut each: impl FnMut(&mut Self, &Node<'t>),
    ) {
        for (at, node) in nodes.into_iter().enumerate() {
            if at > 0 {
                self.comma();
            }
            each(self, node);
        }
    }

    /// Words that nobody declares: as they stand, blanks folded to one.
    pub(super) fn as_is(&mut self, node: &Node<'_>) {
        let words: Vec<&str> = node.text.split_whitespace().collect();
        self.word(&words.join(" "));
    }

    /// A text that stands in quotation marks always.
    pub(super) fn quoted(&mut self, node: &Node<'_>) {
        self.word(&format!("\"{}\"", node.name().value));
    }

    /// A text in quotation marks where the line cannot be read without them.
    pub(super) fn plain(&mut self, text: &str) {
        let quoted = match self.quoting {
            Quoting::All => true,
            Quoting::Only(numbers) => numbers.contains(&self.count),
        };
        self.count += 1;
        self.word(&if quoted { format!("\"{text}\"") } else { text.to_owned() });
    }

    /// A text that is a number of a document, the label of a part or the like.
    pub(super) fn label(&mut self, node: &Node<'_>) {
        self.plain(&node.name().value);
    }

    fn spelled<T>(&mut self, spelled: Result<T, Unsayable>) -> Option<T> {
        match spelled {
            Ok(spelled) => Some(spelled),
            Err(trouble) => {
                self.trouble.get_or_insert(trouble);
                None
            }
        }
    }

    /// A declared name, in the language that is wanted.
    pub(super) fn name(&mut self, node: &Node<'_>, noun: Noun) {
        let spelled = self.names.spell(noun, &node.name().value, self.to);
        let Some(spelled) = self.spelled(spelled) else { return };
        if let Some(head) = spelled.head {
            self.word(head);
        }
        self.plain(&spelled.name);
    }

    /// The names of a list, all of one sort.
    pub(super) fn names(&mut self, node: &Node<'_>, noun: Noun) {
        self.list(node.of_kind(Kind::Name), |writer, name| writer.name(name, noun));
    }

    pub(super) fn tasks(&mut self, node: &Node<'_>) {
        if let Some(tasks) = node.first(Kind::Tasks) {
            self.names(tasks, Noun::Task);
        }
    }

    pub(super) fn date(&mut self, node: &Node<'_>) {
        match calendar::read(node.text) {
            Some(day) => self.word(&day_text(day, self.to)),
            None => self.as_is(node),
        }
    }

    /// `from D before D`, each with its keyword.
    pub(super) fn period(&mut self, node: &Node<'_>) {
        const BOUNDS: [(Rule, Rule); 3] = [
            (Rule::en_from, Rule::vi_tu_ngay),
            (Rule::en_before, Rule::vi_den_truoc_ngay),
            (Rule::en_through, Rule::vi_den_het_ngay),
        ];
        for part in &node.inner {
            if part.is(Rule::date) {
                self.date(part);
            } else if let Some((english, vietnamese)) =
                BOUNDS.iter().find(|(english, vietnamese)| part.is(*english) || part.is(*vietnamese))
            {
                self.keyword(*english, *vietnamese);
            }
        }
    }

    pub(super) fn unverified(&mut self) {
        self.keyword(Rule::en_unverified, Rule::vi_chua_kiem_chung);
    }

    /// A body and its seat.
    pub(super) fn holder(&mut self, node: &Node<'_>) {
        const RELATIVE: [(Rule, Rule); 3] = [
            (Rule::en_at_the_same_level, Rule::vi_cung_cap),
            (Rule::en_at_the_next_lower_level, Rule::vi_cap_duoi_truc_tiep),
            (Rule::en_at_any_lower_level, Rule::vi_cap_duoi),
        ];
        const ONE_OF: (Rule, Rule) = (Rule::en_one_of_the, Rule::vi_mot_trong_cac);
        const EACH_OTHER: (Rule, Rule) = (Rule::en_each_other, Rule::vi_tung);
        self.one_of(node, &[ONE_OF, EACH_OTHER]);
        if let Some(body) = node.first(Kind::Body) {
            self.name(body, Noun::Body);
        }
        self.one_of(node, &RELATIVE);
        if let Some(level) = node.first(Kind::Level) {
            self.level_of_holder(level, node.has(&[Rule::en_at_any, Rule::vi_bat_ky]));
        }
        if self.to == Language::Vietnamese && node.has(&[EACH_OTHER.0, EACH_OTHER.1]) {
            self.word(spelling(Rule::vi_con_lai));
        }
        if let Some(unit) = node.child(Rule::unit_scope) {
            self.keyword(Rule::en_in, Rule::vi_tai);
            self.unit_scope(unit);
        }
        if let Some(role) = node.first(Kind::Role) {
            self.keyword(Rule::en_of, Rule::vi_noi);
            self.name(role, Noun::Place);
        }
        for further in &node.inner {
            let Some(role) = further.first(Kind::Role) else { continue };
            if matches!(further.rule, Rule::or_place_en | Rule::or_place_vi) {
                self.keyword(Rule::en_or_of, Rule::vi_hoac_noi);
                self.name(role, Noun::Place);
            } else if matches!(further.rule, Rule::else_place_en | Rule::else_place_vi) {
                self.comma();
                self.keyword(Rule::en_else_of, Rule::vi_khong_co_thi_noi);
                self.name(role, Noun::Place);
            }
        }
    }

    /// `at district`, `cấp huyện`: a Vietnamese level in a holder has no quotation marks and begins with `cấp`. Or any unit of
    /// the level.
    fn level_of_holder(&mut self, node: &Node<'_>, any: bool) {
        let spelled = self.names.spell(Noun::Level, &node.name().value, self.to);
        let Some(spelled) = self.spelled(spelled) else { return };
        match self.to {
            Language::English => {
                self.word(spelling(if any { Rule::en_at_any } else { Rule::en_at }));
                self.plain(without_level_word(&spelled.name));
            }
            Language::Vietnamese => {
                self.word(&with_level_word(&spelled.name));
                if any {
                    self.word(spelling(Rule::vi_bat_ky));
                }
            }
        }
    }

    /// The same without `at`: `… more than one district`, `… nhiều đơn vị cấp huyện`.
    pub(super) fn level_of_test(&mut self, node: &Node<'_>) {
        let spelled = self.names.spell(Noun::Level, &node.name().value, self.to);
        let Some(spelled) = self.spelled(spelled) else { return };
        match self.to {
            Language::English => self.plain(without_level_word(&spelled.name)),
            Language::Vietnamese => self.word(&with_level_word(&spelled.name)),
        }
    }

    pub(super) fn holders<'n, 't: 'n>(&mut self, node: &'n Node<'t>) {
        self.list(node.of_kind(Kind::Holder), Self::holder);
    }

    pub(super) fn first_holder(&mut self, node: &Node<'_>) {
        if let Some(holder) = node.first(Kind::Holder) {
            self.holder(holder);
        }
    }

    /// `former district "Hải Châu"`, `quận "Hải Châu" cũ`.
    pub(super) fn unit_scope(&mut self, node: &Node<'_>) {
        let former = node.has(&[Rule::en_former, Rule::vi_cu]);
        if former && self.to == Language::English {
            self.word(spelling(Rule::en_former));
        }
        if let Some(unit) = node.child(Rule::unit) {
            if let Some(word) = unit.child(Rule::name_unit_kind) {
                let spelled = self.names.unit_word(&word.name().value, self.to);
                if let Some(spelled) = self.spelled(spelled) {
                    self.word(&spelled);
                }
            }
            if let Some(name) = unit.child(Rule::name_unit) {
                self.quoted(name);
            }
            if let Some(code) = unit.child(Rule::name_code) {
                self.as_is(code);
            }
        }
        if former && self.to == Language::Vietnamese {
            self.word(spelling(Rule::vi_cu));
        }
    }

    pub(super) fn scope(&mut self, node: &Node<'_>) {
        if let Some(unit) = node.child(Rule::unit_scope) {
            self.unit_scope(unit);
        }
        if let Some(of_type) = node.child(Rule::name_type) {
            self.keyword(Rule::en_of_type, Rule::vi_thuoc_loai);
            self.plain(&of_type.name().value);
        }
        if let Some(role) = node.first(Kind::Role) {
            self.keyword(Rule::en_of, Rule::vi_noi);
            self.name(role, Noun::Place);
        }
    }

    pub(super) fn scopes(&mut self, node: &Node<'_>) {
        if let Some(scopes) = node.child(Rule::scopes) {
            self.list(scopes.children(Rule::scope), Self::scope);
        }
    }

    /// A number, a date or a name that the fact can be.
    pub(super) fn value(&mut self, node: &Node<'_>, fact: &str) {
        if let Some(day) = node.child(Rule::date_literal) {
            return self.date(day);
        }
        if let Some(number) = node.child(Rule::number) {
            match quantity::read(number.text) {
                Ok(value) => self.word(&quantity::written(value, self.either('.', ','))),
                Err(_) => self.as_is(number),
            }
            if let Some(measure) = node.first(Kind::Measure) {
                self.as_is(measure);
            }
            return;
        }
        if let Some(name) = node.first(Kind::Name) {
            self.value_name(name, fact);
        }
    }

    pub(super) fn value_name(&mut self, node: &Node<'_>, fact: &str) {
        let spelled = self.names.value(fact, &node.name().value, self.to);
        if let Some(spelled) = self.spelled(spelled) {
            self.plain(&spelled);
        }
    }
}

fn day_text(day: Date, language: Language) -> String {
    match language {
        Language::English => day.to_string(),
        Language::Vietnamese => format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()),
    }
}

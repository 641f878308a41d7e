//! What a rulebook is made from: bytes, each a small choice among what there is, so that every recipe, and every
//! shrunken one, is a valid rulebook. A byte of 0 chooses the simplest.

/// Bytes of the world, of a document and of a sentence. The last ones of the world and of a sentence choose what is said of
/// places in roles.
pub const WORLD: usize = 32;
pub const DOCUMENT: usize = 16;
pub const SENTENCE: usize = 48;
pub const OF_PLACES: usize = 8;

const MOST_DOCUMENTS: usize = 9;
const MOST_SENTENCES: usize = 40;

#[derive(Debug, Clone, Default)]
pub struct Recipe {
    pub world: Vec<u8>,
    pub documents: Vec<Vec<u8>>,
    pub sentences: Vec<Vec<u8>>,
}

impl Recipe {
    /// A recipe from arbitrary bytes: the world, how many documents, these, and sentences to the end.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (world, rest) = bytes.split_at(bytes.len().min(WORLD));
        let (count, rest) = rest.split_first().map_or((0, rest), |(count, rest)| (usize::from(*count), rest));
        let documents = (1 + count % MOST_DOCUMENTS) * DOCUMENT;
        let (documents, sentences) = rest.split_at(rest.len().min(documents));
        let cut = |bytes: &[u8], size: usize| bytes.chunks(size).map(<[u8]>::to_vec).collect::<Vec<_>>();
        let mut sentences = cut(sentences, SENTENCE);
        sentences.truncate(MOST_SENTENCES);
        Self { world: world.to_vec(), documents: cut(documents, DOCUMENT), sentences }
    }
}

/// Takes choices from bytes, one after the other; what is missing is 0.
#[derive(Debug, Clone)]
pub struct Draw<'a> {
    bytes: std::slice::Iter<'a, u8>,
    of_places: std::slice::Iter<'a, u8>,
}

impl<'a> Draw<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), of_places: [].iter() }
    }

    /// From the bytes of a part that has so many, of which the last choose what is said of places.
    pub fn of_part(bytes: &'a [u8], size: usize) -> Self {
        let (bytes, of_places) = bytes.split_at(bytes.len().min(size - OF_PLACES));
        Self { bytes: bytes.iter(), of_places: of_places.iter() }
    }

    /// A number below `among` for what is said of places.
    pub fn place(&mut self, among: usize) -> usize {
        let byte = self.of_places.next().copied().map_or(0, usize::from);
        if among == 0 { 0 } else { byte % among }
    }

    fn byte(&mut self) -> usize {
        self.bytes.next().copied().map_or(0, usize::from)
    }

    /// A number below `among`; 0 when there is nothing to choose from.
    pub fn pick(&mut self, among: usize) -> usize {
        let byte = self.byte();
        if among == 0 { 0 } else { byte % among }
    }

    /// True about once in `times`, and never for a byte of 0.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.byte() % times == times - 1
    }

    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.pick(choices.len())]
    }

    /// One of those that there are, if there are any.
    pub fn of_all(&mut self, choices: &[usize]) -> Option<usize> {
        let at = self.pick(choices.len());
        choices.get(at).copied()
    }
}

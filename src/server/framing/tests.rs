//! Framing byte by byte: that what is right passes whole, that what is wrong stops where it is wrong, and that it makes no
//! difference in how many parts bytes come.

use proptest::prelude::*;

use super::{Framing, Part};

const GOOD: [&str; 9] = [
    "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /a?b=c HTTP/1.0\r\n\r\n",
    "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n\n\n\n\n\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: x\r\nContent-Length:\t0 \r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n\0\r\n\r\n\r\n00A\r\n0123456789\r\n0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: x\r\nx-empty:\r\nx-tab: a\tb\r\nx-vi: t\u{1ea1}i\r\n\r\n",
    "M-SEARCH /tìm HTTP/1.1\r\nhost: x\r\n\r\n",
];

/// Requests with what is wrong in them behind a bar, which is not sent.
const BAD: [&str; 42] = [
    "\r|\nGET / HTTP/1.1\r\n",
    "GET / HTTP/1.1|\nhost: x\n\n",
    "GET /\r|\nhost: x\r\n\r\n",
    "GET  / HTTP/1.1\r|\n\r\n",
    "GET / HTTP/1.1 \r|\n\r\n",
    "GET / HTTP/1.1 x\r|\n\r\n",
    " GET / HTTP/1.1\r|\n\r\n",
    "GET\t/\tHTTP/1.1\r|\n\r\n",
    "G(T / HTTP/1.1\r|\n\r\n",
    "GET /#a HTTP/1.1\r|\n\r\n",
    "GET /\0 HTTP/1.1\r|\n\r\n",
    "GET / HTTP/1.2\r|\n\r\n",
    "GET / http/1.1\r|\n\r\n",
    "GET / HTTP/2.0\r|\n\r\n",
    "PRI * HTTP/2.0\r|\n\r\nSM\r\n\r\n",
    "GET / HTTP/1.1\r\r|\n",
    "GET / HTTP/1.1\r\nhost: x|\n\r\n",
    "GET / HTTP/1.1\r\nhost: x\r\n|\n",
    "GET / HTTP/1.1\r\nhost : x\r|\n\r\n",
    "GET / HTTP/1.1\r\n host: x\r|\n\r\n",
    "GET / HTTP/1.1\r\na: b\r\n c\r|\n\r\n",
    "GET / HTTP/1.1\r\na: b\r\n\tc: d\r|\n\r\n",
    "GET / HTTP/1.1\r\na b: c\r|\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r|\n\r\n",
    "GET / HTTP/1.1\r\n: x\r|\n\r\n",
    "GET / HTTP/1.1\r\na: b\0c\r|\n\r\n",
    "GET / HTTP/1.1\r\na: b\rc\r|\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r|\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: 1, 1\r|\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: +1\r|\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length:\r|\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: 18446744073709551616\r|\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r|\n\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 1\r|\n\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r|\n\r\n",
    "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r|\n\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n|\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5|;a=b\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1|\nx\n0\n\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n|-1\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx|x\r\n",
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n|x: y\r\n\r\n",
];

/// How many bytes pass when they come in parts of these lengths, the last one again and again.
fn passed(bytes: &[u8], parts: &[usize]) -> (usize, bool, bool) {
    let (mut framing, mut passed, mut sizes) = (Framing::default(), 0, parts.iter().copied());
    let mut size = bytes.len();
    while passed < bytes.len() && !framing.is_wrong() {
        size = sizes.next().unwrap_or(size).max(1);
        let part = &bytes[passed..bytes.len().min(passed + size)];
        let taken = framing.pass(part);
        passed += taken;
        assert!(taken == part.len() || framing.is_wrong());
    }
    (passed, framing.is_wrong(), framing.part() != Part::Nothing)
}

#[test]
fn what_is_right_passes() {
    for bytes in GOOD {
        for size in 1..40 {
            assert_eq!(passed(bytes.as_bytes(), &[size]), (bytes.len(), false, false), "{bytes:?} by {size}");
        }
    }
}

#[test]
fn what_is_wrong_stops_where_it_is_wrong() {
    for text in BAD {
        let (before, _) = text.split_once('|').expect("a bar");
        let bytes = text.replacen('|', "", 1);
        for size in 1..40 {
            let (passed, wrong, _) = passed(bytes.as_bytes(), &[size]);
            assert_eq!((passed, wrong), (before.len(), true), "{bytes:?} by {size}");
        }
    }
}

proptest! {
    /// However the bytes come, the same ones pass. What it would catch: a state that forgets the part of a line that came before.
    #[test]
    fn parts_make_no_difference(
        which in 0..GOOD.len() + BAD.len(), parts in prop::collection::vec(1_usize..9, 1..12),
        at in 0_usize..200, byte in any::<u8>(),
    ) {
        let text = GOOD.iter().chain(&BAD).nth(which).expect("one of them").replacen('|', "", 1);
        let mut bytes = text.into_bytes();
        if let Some(one) = bytes.get_mut(at) {
            *one = byte;
        }
        prop_assert_eq!(passed(&bytes, &[bytes.len()]), passed(&bytes, &parts));
    }
}

/// The control for it: a framing that is begun anew for each part takes what it should not.
#[test]
fn parts_would_make_a_difference_to_who_forgets() {
    let bytes = GOOD[0].as_bytes();
    let forgetful = |cut: usize| Framing::default().pass(&bytes[cut..]);
    assert_ne!(passed(bytes, &[18]).0, 18 + forgetful(18));
}

//! One file per question that can be put to the rules, and the words in which answers are given.
//! Knows neither files nor sockets: text and values come in, text and values go out.

pub mod ask;
pub mod audit;
pub mod check;
pub mod coverage;
pub mod diff;
pub mod existence;
pub mod explain;
pub mod forecast;
pub mod handling;
pub mod hands;
pub mod heritage;
pub mod logged;
pub mod misread;
pub mod naming;
pub mod question;
pub mod reason;
pub mod report;
pub mod scenario;
pub mod search;
pub mod signature;
pub mod snapshot;
pub mod sheet;
pub mod spelled;
pub mod standing;
pub mod table;
pub mod timeline;
pub mod trouble;
pub mod verify;
pub mod words;

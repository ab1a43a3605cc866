//! The program from outside: its REST API, its dashboard's calls, its sockets and its jobs, each on both databases.
//!
//! One program, because linking one for every file takes longer than all the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must fail")]

mod access;
mod api_attributes;
mod api_cable;
mod api_contacts;
mod api_conversations;
mod api_docs;
mod api_email;
mod api_files;
mod api_inboxes;
mod api_library;
mod api_live;
mod api_messages;
mod api_participants;
mod api_people;
mod api_views;
mod bad_input;
mod bad_visitors;
mod contact_import;
mod contact_life;
mod doors;
mod jobs;
mod layers;
mod limits;
mod macro_steps;
mod mail_sign_in;
mod merge;
mod notifications;
mod policy;
mod post_support;
mod public_client;
mod public_told;
mod scheduled;
mod search;
mod storage;
mod support;
mod trouble;
mod widget;
mod widget_ask;
mod widget_many;
mod widget_pre_chat;
mod widget_transcript;

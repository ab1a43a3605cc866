//! Files behind signed addresses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use crate::support::{Answer, World, words};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::message::attachment::Upload;
use domain::message::send::{self, Draft};
use domain::visitor::chat;

/// The smallest PNG there is: one pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\0\0\0\0IEND\xaeB`\x82";

async fn attach(world: &World, file_name: &str, content_type: &str, bytes: &[u8]) -> model::attachment::Attachment {
    let inbox = world.website(&[]).await;
    let visitor = world.visitor(&inbox).await;
    let said = chat::say(&visitor, words("Oi")).await.unwrap();
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    let upload = Upload { file_name: file_name.to_owned(), content_type: content_type.to_owned(), bytes };
    let draft = Draft { files: vec![upload], ..Draft::default() };
    let message = send::send(&world.admin, said.message.display_id, draft).await.unwrap();
    message.attachments.into_iter().next().unwrap()
}

async fn fetch(world: &World, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

db::db_test! {
    async fn a_picture_is_shown_and_whole(test: TestDb) {
        let world = World::new(test).await;
        let file = attach(&world, "João.png", "image/png", PIXEL).await;
        let answer = fetch(&world, &file.url, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.bytes, PIXEL);
        assert_eq!(header(&answer, "content-type"), "image/png");
        assert_eq!(header(&answer, "content-length"), PIXEL.len().to_string());
        assert!(header(&answer, "content-disposition").starts_with("inline; filename=\"Jo_o.png\"; filename*=UTF-8''Jo%C3%A3o"));
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert!(header(&answer, "content-security-policy").contains("sandbox"));
        assert!(header(&answer, "cache-control").starts_with("private"));
        let tag = header(&answer, "etag").to_owned();
        let again = fetch(&world, &file.url, &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(file.thumb_url, file.url);
    }

    async fn sound_can_be_read_in_parts(test: TestDb) {
        let world = World::new(test).await;
        let mut song = b"ID3\x03\0\0\0\0\0\0".to_vec();
        song.extend((0..5000_u32).map(|number| (number % 251) as u8));
        let file = attach(&world, "recado.mp3", "audio/mpeg", &song).await;
        let answer = fetch(&world, &file.url, &[(header::RANGE, "bytes=10-19")]).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(answer.bytes, &song[10..20]);
        assert_eq!(header(&answer, "content-range"), format!("bytes 10-19/{}", song.len()));
        let end = fetch(&world, &file.url, &[(header::RANGE, "bytes=-5")]).await;
        assert_eq!(end.bytes, &song[song.len() - 5..]);
        let beyond = fetch(&world, &file.url, &[(header::RANGE, "bytes=99999-")]).await;
        assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
        let changed = fetch(&world, &file.url, &[(header::RANGE, "bytes=0-1"), (header::IF_RANGE, "\"other\"")]).await;
        assert_eq!(changed.status, StatusCode::OK);
    }

    async fn what_could_run_is_only_downloaded(test: TestDb) {
        let world = World::new(test).await;
        let script = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for (name, claimed) in [("a.svg", "image/svg+xml"), ("a.html", "text/html"), ("a.png", "image/png"), ("a.pdf", "application/pdf")] {
            let file = attach(&world, name, claimed, script).await;
            let answer = fetch(&world, &file.url, &[]).await;
            assert!(header(&answer, "content-disposition").starts_with("attachment"), "{name}");
            let content_type = header(&answer, "content-type");
            assert!(!["svg", "html", "image"].iter().any(|word| content_type.contains(word)), "{name}: {content_type}");
        }
    }

    async fn only_a_right_and_fresh_signature_opens(test: TestDb) {
        let world = World::new(test).await;
        let file = attach(&world, "a.png", "image/png", PIXEL).await;
        let parts: Vec<&str> = file.url.split('/').collect();
        let [_, _, id, variant, expires, signature, name] = parts[..] else { unreachable!("{}", file.url) };
        let other = id.parse::<i64>().unwrap() + 1;
        let later = expires.parse::<i64>().unwrap() + 1;
        for wrong in [
            format!("/files/{other}/{variant}/{expires}/{signature}/{name}"),
            format!("/files/{id}/thumb/{expires}/{signature}/{name}"),
            format!("/files/{id}/{variant}/{later}/{signature}/{name}"),
            format!("/files/{id}/{variant}/{expires}/x/{name}"),
            format!("/files/{id}/{variant}/x/{signature}/{name}"),
            "/files/9223372036854775808/whole/9223372036854775807/x/y".to_owned(),
            "/files/1/whole/9223372036854775807/x/y".to_owned(),
            "/avatars/..%2f..%2fsecret.key".to_owned(),
            "/avatars/00000000-0000-0000-0000-000000000000".to_owned(),
        ] {
            assert_eq!(fetch(&world, &wrong, &[]).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        assert_eq!(fetch(&world, &format!("/files/{id}/{variant}/{expires}/{signature}/anders"), &[]).await.status, StatusCode::OK);
    }
}

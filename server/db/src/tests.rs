use std::task::Poll;

fn put(key: &str, value: i64) -> crate::Query {
    crate::sql!("insert into installation (key, value) values ($1, $2)").bind(key).bind(serde_json::json!(value))
}

async fn kept(db: &crate::Db) -> Vec<String> {
    let rows: Vec<(String,)> =
        crate::sql!("select key from installation where key <> 'parts' order by key").fetch_all(db).await.unwrap();
    rows.into_iter().map(|(key,)| key).collect()
}

crate::db_test! {
    async fn values_of_every_type_come_back(test: TestDb) {
        let row: (i64, String, bool, Option<i64>) = crate::sql!("select $1 + 0, $2 || '', $3, $4")
            .bind(7_i64)
            .bind("João")
            .bind(true)
            .bind(None::<i64>)
            .fetch_one(&test.db)
            .await
            .unwrap();
        assert_eq!(row, (7, "João".to_owned(), true, None));
    }

    async fn a_text_with_a_zero_in_it_fails_nowhere(test: TestDb) {
        let query = crate::sql!("select $1 || ''").bind("a\0b\0");
        assert_eq!(query.fetch_one::<(String,)>(&test.db).await.unwrap().0, "ab");
    }

    async fn a_dropped_transaction_leaves_no_trace(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        crate::sql!("insert into installation (key, value) values ($1, $2)")
            .bind("a")
            .bind(serde_json::json!({"n": 1}))
            .execute(&mut tx)
            .await
            .unwrap();
        drop(tx);
        let rows: Vec<(String,)> = crate::sql!("select key from installation where key <> 'parts'").fetch_all(&test.db).await.unwrap();
        assert!(rows.is_empty());
    }

    async fn a_second_row_with_the_same_key_is_a_unique_error(test: TestDb) {
        for attempt in 0..2 {
            let mut tx = test.db.begin().await.unwrap();
            let done = crate::sql!("insert into installation (key, value) values ($1, $2)")
                .bind("a")
                .bind(serde_json::json!(1))
                .execute(&mut tx)
                .await;
            if attempt == 0 {
                assert_eq!(done.unwrap(), 1);
                tx.commit().await.unwrap();
            } else {
                assert!(matches!(done, Err(crate::Error::Unique(_))));
            }
        }
    }

    async fn whoever_stops_waiting_leaves_the_database_usable(test: TestDb) {
        async fn change(db: crate::Db, key: String) -> crate::Result<()> {
            let mut tx = db.begin().await?;
            let query = crate::sql!("insert into installation (key, value) values ($1, $2)");
            query.bind(key).bind(serde_json::json!(1)).execute(&mut tx).await?;
            tx.commit().await
        }
        let mut acknowledged = 0;
        for steps in 0..40 {
            // Two at once, so that one can leave the commit to the other. Both end in the middle of whatever comes then.
            let (one, other) = (change(test.db.clone(), format!("a{steps}")), change(test.db.clone(), format!("b{steps}")));
            let (mut one, mut other) = (Box::pin(one), Box::pin(other));
            let mut left = steps;
            let outcome = std::future::poll_fn(|cx| {
                let both = (one.as_mut().poll(cx), other.as_mut().poll(cx));
                left = usize::saturating_sub(left, 1);
                if left == 0 || both.0.is_ready() || both.1.is_ready() { Poll::Ready(both) } else { Poll::Pending }
            });
            let (first, second) = outcome.await;
            acknowledged += [first, second].into_iter().filter(|one| matches!(one, Poll::Ready(Ok(())))).count();
            drop((one, other));
            change(test.db.clone(), format!("c{steps}")).await.unwrap();
            acknowledged += 1;
        }
        let (kept,): (i64,) = crate::sql!("select count(*) from installation").fetch_one(&test.db).await.unwrap();
        assert!(usize::try_from(kept).unwrap() >= acknowledged, "{kept} of {acknowledged}");
    }

    async fn changes_at_the_same_time_fail_and_succeed_each_for_itself(test: TestDb) {
        let change = |number: i64| {
            let db = test.db.clone();
            async move {
                let mut tx = db.begin().await?;
                crate::sql!("insert into installation (key, value) values ($1, $2)")
                    .bind(format!("k{number}"))
                    .bind(serde_json::json!(number))
                    .execute(&mut tx)
                    .await?;
                // Every third fails after it wrote, every fifth is dropped.
                if number % 3 == 0 {
                    crate::sql!("insert into installation (key, value) values ($1, $2)")
                        .bind(format!("k{number}"))
                        .bind(serde_json::json!(0))
                        .execute(&mut tx)
                        .await?;
                }
                if number % 5 == 0 {
                    return Ok(false);
                }
                tx.commit().await.map(|()| true)
            }
        };
        let tasks: Vec<_> = (1..=100).map(|number| tokio::spawn(change(number))).collect();
        let mut kept = Vec::new();
        for (number, task) in (1..=100_i64).zip(tasks) {
            match task.await.unwrap() {
                Ok(true) => kept.push(number),
                Ok(false) => {}
                Err(error) => assert!(matches!(error, crate::Error::Unique(_)), "{error}"),
            }
        }
        assert_eq!(kept, (1..=100).filter(|n| n % 3 != 0 && n % 5 != 0).collect::<Vec<_>>());
        let mut found: Vec<i64> = crate::sql!("select value from installation where key <> 'parts'")
            .fetch_all::<(crate::Json<i64>,)>(&test.db)
            .await
            .unwrap()
            .into_iter()
            .map(|(value,)| value.0)
            .collect();
        found.sort_unstable();
        assert_eq!(found, kept);
    }

    async fn what_is_put_off_happens_before_whatever_comes_next(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        put("a", 1).later(&mut tx);
        crate::sql!("update accounts set name = $1 where id = $2").bind("x").bind(7_i64).later(&mut tx);
        let found: Option<(String,)> = crate::sql!("select key from installation where key = $1")
            .bind("a")
            .fetch_optional(&mut tx)
            .await
            .unwrap();
        assert_eq!(found.unwrap().0, "a");
        // Counted is what the statement itself changes.
        put("b", 1).later(&mut tx);
        put("c", 1).later(&mut tx);
        let changed = crate::sql!("delete from installation where key in ($1, $2, $3)").bind("a").bind("b").bind("z");
        assert_eq!(changed.execute(&mut tx).await.unwrap(), 2);
        put("d", 1).later(&mut tx);
        tx.commit().await.unwrap();
        assert_eq!(kept(&test.db).await, ["c", "d"]);
        let mut tx = test.db.begin().await.unwrap();
        put("e", 1).later(&mut tx);
        drop(tx);
        test.db.begin().await.unwrap().commit().await.unwrap();
        assert_eq!(kept(&test.db).await, ["c", "d"]);
    }

    async fn what_is_put_off_and_fails_takes_its_change_alone_with_it(test: TestDb) {
        put("taken", 0).execute(test.db.writer()).await.unwrap();
        let change = |number: usize| {
            let db = test.db.clone();
            async move {
                let mut tx = db.begin().await?;
                put(&format!("k{number:02}"), 1).later(&mut tx);
                if number.is_multiple_of(3) {
                    put("taken", 1).later(&mut tx);
                }
                tx.commit().await
            }
        };
        let tasks: Vec<_> = (0..60).map(|number| tokio::spawn(change(number))).collect();
        let mut expected = Vec::new();
        for (number, task) in tasks.into_iter().enumerate() {
            match task.await.unwrap() {
                Ok(()) => expected.push(format!("k{number:02}")),
                Err(error) => assert!(matches!(error, crate::Error::Unique(_)), "{error}"),
            }
        }
        assert_eq!(expected.len(), 40);
        expected.push("taken".to_owned());
        assert_eq!(kept(&test.db).await, expected);
    }
}

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
        let rows: Vec<(String,)> = crate::sql!("select key from installation").fetch_all(&test.db).await.unwrap();
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
        let mut found: Vec<i64> = crate::sql!("select value from installation")
            .fetch_all::<(crate::Json<i64>,)>(&test.db)
            .await
            .unwrap()
            .into_iter()
            .map(|(value,)| value.0)
            .collect();
        found.sort_unstable();
        assert_eq!(found, kept);
    }
}

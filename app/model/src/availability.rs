//! Whether an agent wants to receive conversations.

crate::text_enum! {
    /// What an agent has set, or what colleagues see after presence is taken into account.
    Availability { Online = "online", Busy = "busy", Offline = "offline" }
}

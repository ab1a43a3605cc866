//! To the server functions of this noun.

//! What all handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use domain::App;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::api::wire::told::Told;
use crate::config::Config;
use crate::middleware::Limits;
use crate::middleware::headers::PagePolicy;
use crate::shutdown::Shutdown;

/// State of the router. Cloning is cheap.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The rules and what they stand on.
    pub app: Arc<App>,
    /// The options in force.
    pub config: Arc<Config>,
    /// The counters of the rate limits, for limits that only a handler can apply.
    pub limits: Limits,
    /// For whatever lives longer than a request: sockets above all.
    pub shutdown: Shutdown,
    /// For handlers that write their own content security policy.
    pub pages: PagePolicy,
    /// The collected figures; tests have none.
    pub figures: Option<PrometheusHandle>,
}

impl AppState {
    /// State for the given options.
    pub fn new(app: Arc<App>, config: Config, figures: Option<PrometheusHandle>) -> Self {
        app.webhooks.speak(Arc::new(Told));
        Self {
            app,
            limits: Limits::new(config.rate_limits),
            shutdown: Shutdown::new(),
            pages: PagePolicy::new(&config),
            config: Arc::new(config),
            figures,
        }
    }
}

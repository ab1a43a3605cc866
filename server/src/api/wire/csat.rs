//! What contacts say of conversations.

use std::collections::BTreeMap;

use model::contact::Contact;
use model::csat::{CsatMetrics, CsatResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::contact::ContactWire;
use super::person::AgentWire;
use super::{Dialect, seconds};

/// One contact's opinion.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CsatSurveyResponse)]
pub struct CsatWire {
    pub id: i64,
    /// 1 to 5.
    pub rating: i64,
    pub feedback_message: String,
    pub account_id: i64,
    /// The message that asked.
    pub message_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactWire>,
    /// The conversation's number.
    pub conversation_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_agent: Option<AgentWire>,
    /// Unix seconds.
    pub created_at: i64,
}

/// How opinions are spread.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CsatSurveyMetrics)]
pub struct CsatMetricsWire {
    /// How many answered.
    pub total_count: i64,
    /// How many gave which rating; none is not listed.
    pub ratings_count: BTreeMap<String, i64>,
    /// How many were asked.
    pub total_sent_messages_count: i64,
}

impl From<CsatMetrics> for CsatMetricsWire {
    fn from(metrics: CsatMetrics) -> Self {
        let ratings = (1..).zip(metrics.ratings).filter(|(_, count)| *count > 0);
        Self {
            total_count: metrics.answered,
            ratings_count: ratings.map(|(rating, count): (i64, i64)| (rating.to_string(), count)).collect(),
            total_sent_messages_count: metrics.asked,
        }
    }
}

impl Dialect {
    /// An opinion of this contact.
    pub fn csat(&self, response: &CsatResponse, contact: Option<&Contact>) -> CsatWire {
        let agent = response.assigned_agent.and_then(|id| self.directory().agents.get(&id).cloned());
        CsatWire {
            id: response.id.0,
            rating: response.rating,
            feedback_message: response.feedback.clone(),
            account_id: self.account.0,
            message_id: response.message_id.0,
            contact: contact.map(|contact| self.contact(contact)),
            conversation_id: response.conversation.0,
            assigned_agent: agent.map(|agent| self.agent(&agent)),
            created_at: seconds(response.created_at),
        }
    }
}

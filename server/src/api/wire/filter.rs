//! Conditions as they are described.

use model::filter::Condition;
use serde::Serialize;
use utoipa::ToSchema;

/// One condition of a filter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Condition)]
pub struct ConditionWire {
    /// `status`, `assignee_id`, `labels`, … or the key of a custom attribute.
    pub attribute_key: String,
    /// `equal_to`, `not_equal_to`, `contains`, `does_not_contain`, `starts_with`, `is_present`, `is_not_present`, `is_greater_than`,
    /// `is_less_than` or `days_before`.
    pub filter_operator: String,
    pub values: Vec<String>,
    /// `AND` or `OR`: how it is joined with the next one.
    pub query_operator: Option<String>,
    /// For custom attributes: `conversation_attribute` or `contact_attribute`.
    pub custom_attribute_type: Option<String>,
}

impl From<Condition> for ConditionWire {
    fn from(condition: Condition) -> Self {
        Self {
            attribute_key: condition.attribute_key,
            filter_operator: condition.filter_operator.to_string(),
            values: condition.values,
            query_operator: condition.query_operator.map(|join| join.to_string()),
            custom_attribute_type: condition.custom_attribute_type.map(|owner| owner.to_string()),
        }
    }
}

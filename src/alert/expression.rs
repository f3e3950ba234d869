//! Expressions of alert rules: the part of PromQL that they are written in, checked when they are read.

use std::collections::BTreeSet;

use promql_parser::label::{Labels as Names, MatchOp, Matcher};
use promql_parser::parser::{
    self, AggregateExpr, BinModifier, BinaryExpr, Call as ParsedCall, Expr as Parsed,
    LabelModifier, Offset, VectorMatchCardinality, VectorSelector,
};

use crate::alert::history::{Ms, Wanted};

/// A value that is older than that is not known any more, as in Prometheus.
pub(crate) const LOOK_BACK_MS: Ms = 300_000;
/// How deep expressions may be nested.
const DEPTH_MAX: usize = 64;

/// Why an expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpressionError {
    /// It is no PromQL.
    #[error("no expression: {0}")]
    Unreadable(String),
    /// PromQL has it, and alerts here do not.
    #[error("{0} is not for alerts that Tablica watches itself")]
    Unknown(String),
}

/// An expression that can be evaluated.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Number(f64),
    /// `time()`.
    Now,
    Select(Selection),
    Over(Over, Range),
    /// What it is in so many seconds, if it goes on like that.
    PredictLinear(Range, Box<Expression>),
    HistogramQuantile(Box<Expression>, Box<Expression>),
    /// One where there is none; with the labels that the selection fixes.
    Absent(Box<Expression>, Vec<(String, String)>),
    Aggregate(Aggregate, Grouping, Box<Expression>),
    TopK(Box<Expression>, Grouping, Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Matching, Box<Expression>, Box<Expression>),
}

/// Series of a metric.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) metric: String,
    matchers: Vec<Matcher>,
    pub(crate) offset_ms: Ms,
}

impl Selection {
    pub(crate) fn takes(&self, labels: &crate::alert::history::Labels) -> bool {
        let value = |name: &str| labels.get(name).map_or("", String::as_str);
        self.matchers.iter().all(|matcher| matcher.is_match(value(&matcher.name)))
    }

    /// What it says that a label is.
    fn fixed(&self) -> Vec<(String, String)> {
        let equal = self.matchers.iter().filter(|it| it.op == MatchOp::Equal);
        equal.map(|it| (it.name.clone(), it.value.clone())).collect()
    }
}

/// The last so many milliseconds of series.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub(crate) selection: Selection,
    pub(crate) range_ms: Ms,
}

/// What is made of the points of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Increase,
    Rate,
    Changes,
    Max,
    Min,
    Avg,
    Sum,
    Count,
}

/// What is made of a group of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Sum,
    Min,
    Max,
    Avg,
    Count,
}

/// Which labels tell groups, or the two sides' partners, apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    By(BTreeSet<String>),
    Without(BTreeSet<String>),
}

/// How the values of two sides find each other: by these labels.
pub(crate) type Matching = Grouping;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Unless,
}

impl Operator {
    pub(crate) fn is_set(self) -> bool {
        matches!(self, Operator::And | Operator::Or | Operator::Unless)
    }
}

impl Expression {
    /// Reads one.
    pub(crate) fn parse(text: &str) -> Result<Self, ExpressionError> {
        let parsed = parser::parse(text).map_err(ExpressionError::Unreadable)?;
        read(&parsed, 0)
    }

    /// Notes which metrics it asks for, and how far back.
    pub(crate) fn wants(&self, wanted: &mut Wanted) {
        match self {
            Expression::Number(_) | Expression::Now => {}
            Expression::Select(selection) => {
                wanted.add(&selection.metric, selection.offset_ms + LOOK_BACK_MS);
            }
            Expression::Over(_, range) => range.wants(wanted),
            Expression::PredictLinear(range, ahead) => {
                range.wants(wanted);
                ahead.wants(wanted);
            }
            Expression::Absent(of, _)
            | Expression::Aggregate(_, _, of)
            | Expression::Negative(of) => of.wants(wanted),
            Expression::HistogramQuantile(a, b)
            | Expression::TopK(a, _, b)
            | Expression::Binary(_, _, a, b) => {
                a.wants(wanted);
                b.wants(wanted);
            }
        }
    }

    /// Whether it is one number and no series.
    pub(crate) fn is_scalar(&self) -> bool {
        match self {
            Expression::Number(_) | Expression::Now => true,
            Expression::Negative(of) => of.is_scalar(),
            Expression::Binary(_, _, left, right) => left.is_scalar() && right.is_scalar(),
            _ => false,
        }
    }
}

impl Range {
    fn wants(&self, wanted: &mut Wanted) {
        wanted.add(&self.selection.metric, self.selection.offset_ms + self.range_ms);
    }
}

fn unknown<T>(what: impl ToString) -> Result<T, ExpressionError> {
    Err(ExpressionError::Unknown(what.to_string()))
}

fn read(parsed: &Parsed, depth: usize) -> Result<Expression, ExpressionError> {
    if depth > DEPTH_MAX {
        return unknown("an expression that is nested so deeply");
    }
    let depth = depth + 1;
    Ok(match parsed {
        Parsed::NumberLiteral(number) => Expression::Number(number.val),
        Parsed::Paren(paren) => read(&paren.expr, depth)?,
        Parsed::Unary(unary) => Expression::Negative(Box::new(read(&unary.expr, depth)?)),
        Parsed::VectorSelector(selector) => Expression::Select(selection(selector)?),
        Parsed::Call(call) => function(call, depth)?,
        Parsed::Aggregate(aggregate) => aggregation(aggregate, depth)?,
        Parsed::Binary(binary) => operation(binary, depth)?,
        Parsed::MatrixSelector(_) => return unknown("a range without a function"),
        Parsed::Subquery(_) => return unknown("a subquery"),
        Parsed::StringLiteral(_) => return unknown("a text"),
        Parsed::Extension(_) => return unknown("an extension"),
    })
}

fn selection(selector: &VectorSelector) -> Result<Selection, ExpressionError> {
    if selector.at.is_some() {
        return unknown("the modifier @");
    }
    if !selector.matchers.or_matchers.is_empty() {
        return unknown("`or` between matchers");
    }
    let mut matchers = selector.matchers.matchers.clone();
    let named = matchers.iter().position(|it| it.name == "__name__" && it.op == MatchOp::Equal);
    let metric = match (&selector.name, named) {
        (Some(name), None) => name.clone(),
        (None, Some(at)) => matchers.remove(at).value,
        _ => return unknown("a selection without a metric's name"),
    };
    let ms = |length: &std::time::Duration| Ms::try_from(length.as_millis()).unwrap_or(Ms::MAX / 4);
    let offset_ms = match &selector.offset {
        None => 0,
        Some(Offset::Pos(back)) => ms(back),
        Some(Offset::Neg(_)) => return unknown("an offset into the future"),
    };
    Ok(Selection { metric, matchers, offset_ms })
}

fn function(call: &ParsedCall, depth: usize) -> Result<Expression, ExpressionError> {
    let arguments: Vec<&Parsed> = call.args.args.iter().map(AsRef::as_ref).collect();
    let over = match call.func.name {
        "increase" => Some(Over::Increase),
        "rate" => Some(Over::Rate),
        "changes" => Some(Over::Changes),
        "max_over_time" => Some(Over::Max),
        "min_over_time" => Some(Over::Min),
        "avg_over_time" => Some(Over::Avg),
        "sum_over_time" => Some(Over::Sum),
        "count_over_time" => Some(Over::Count),
        _ => None,
    };
    if let (Some(over), [of]) = (over, arguments.as_slice()) {
        return Ok(Expression::Over(over, range(of)?));
    }
    Ok(match (call.func.name, arguments.as_slice()) {
        ("time", []) => Expression::Now,
        ("predict_linear", [of, ahead]) => {
            Expression::PredictLinear(range(of)?, Box::new(scalar(ahead, depth)?))
        }
        ("histogram_quantile", [quantile, buckets]) => Expression::HistogramQuantile(
            Box::new(scalar(quantile, depth)?),
            Box::new(read(buckets, depth)?),
        ),
        ("absent", [of]) => {
            let of = read(of, depth)?;
            let fixed = match &of {
                Expression::Select(selection) => selection.fixed(),
                _ => Vec::new(),
            };
            Expression::Absent(Box::new(of), fixed)
        }
        (name, _) => return unknown(format!("the function {name}")),
    })
}

/// A number and no series.
fn scalar(parsed: &Parsed, depth: usize) -> Result<Expression, ExpressionError> {
    let read = read(parsed, depth)?;
    if read.is_scalar() { Ok(read) } else { unknown("a series where a number should be") }
}

fn range(parsed: &Parsed) -> Result<Range, ExpressionError> {
    match parsed {
        Parsed::MatrixSelector(matrix) => Ok(Range {
            selection: selection(&matrix.vs)?,
            range_ms: Ms::try_from(matrix.range.as_millis()).unwrap_or(Ms::MAX / 4),
        }),
        Parsed::Paren(paren) => range(&paren.expr),
        _ => unknown("anything but a range of a metric"),
    }
}

fn aggregation(of: &AggregateExpr, depth: usize) -> Result<Expression, ExpressionError> {
    let grouping = match &of.modifier {
        Some(modifier) => grouping(modifier),
        None => Grouping::By(BTreeSet::new()),
    };
    let inner = Box::new(read(&of.expr, depth)?);
    let aggregate = match of.op.to_string().as_str() {
        "sum" => Aggregate::Sum,
        "min" => Aggregate::Min,
        "max" => Aggregate::Max,
        "avg" => Aggregate::Avg,
        "count" => Aggregate::Count,
        "topk" => {
            let Some(count) = &of.param else { return unknown("topk without a number") };
            return Ok(Expression::TopK(Box::new(scalar(count, depth)?), grouping, inner));
        }
        other => return unknown(format!("the aggregation {other}")),
    };
    Ok(Expression::Aggregate(aggregate, grouping, inner))
}

fn grouping(modifier: &LabelModifier) -> Grouping {
    let names = |labels: &Names| labels.labels.iter().cloned().collect();
    match modifier {
        LabelModifier::Include(labels) => Grouping::By(names(labels)),
        LabelModifier::Exclude(labels) => Grouping::Without(names(labels)),
    }
}

fn operation(binary: &BinaryExpr, depth: usize) -> Result<Expression, ExpressionError> {
    let operator = match binary.op.to_string().as_str() {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        "and" => Operator::And,
        "or" => Operator::Or,
        "unless" => Operator::Unless,
        other => return unknown(format!("the operator {other}")),
    };
    let matching = match &binary.modifier {
        None => Grouping::Without(BTreeSet::new()),
        Some(modifier) => matching(modifier)?,
    };
    let left = Box::new(read(&binary.lhs, depth)?);
    let right = Box::new(read(&binary.rhs, depth)?);
    if operator.is_set() && (left.is_scalar() || right.is_scalar()) {
        return unknown("a number beside and, or, unless");
    }
    Ok(Expression::Binary(operator, matching, left, right))
}

fn matching(modifier: &BinModifier) -> Result<Matching, ExpressionError> {
    if modifier.return_bool {
        return unknown("the modifier bool");
    }
    match modifier.card {
        VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => {}
        _ => return unknown("group_left or group_right"),
    }
    Ok(match &modifier.matching {
        Some(labels) => grouping(labels),
        None => Grouping::Without(BTreeSet::new()),
    })
}

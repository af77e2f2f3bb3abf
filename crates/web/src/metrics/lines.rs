//! Writing metrics of each kind, with and without labels.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::{
    DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, EncodeMetric, MetricEncoder, NoLabelSet,
};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::{MetricType, TypedMetric};
use prometheus_client::registry::Unit;

use crate::telemetry::counters::{Counters, Labels};
use crate::telemetry::label::Label;
use crate::telemetry::latency::LatencyReading;

/// What metrics are written to.
pub(super) struct Lines<'a>(DescriptorEncoder<'a>);

impl<'a> Lines<'a> {
    /// Writes here.
    pub(super) fn new(encoder: DescriptorEncoder<'a>) -> Self {
        Self(encoder)
    }

    /// What rises and falls.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: impl EncodeGaugeValue) -> fmt::Result {
        self.line(name, help, None, &ConstGauge::new(value))
    }

    /// The same, described even where there is nothing to say.
    pub(super) fn gauge_if_any(
        &mut self,
        name: &str,
        help: &str,
        value: Option<impl EncodeGaugeValue>,
    ) -> fmt::Result {
        let encoder = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        value.map_or(Ok(()), |value| ConstGauge::new(value).encode(encoder))
    }

    /// What only rises.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: impl EncodeCounterValue) -> fmt::Result {
        self.line(name, help, None, &ConstCounter::new(value))
    }

    /// A time that rises and falls.
    pub(super) fn gauge_of_seconds(&mut self, name: &str, help: &str, value: Duration) -> fmt::Result {
        self.line(name, help, Some(&Unit::Seconds), &ConstGauge::new(value.as_secs_f64()))
    }

    /// A time that only rises.
    pub(super) fn counter_of_seconds(&mut self, name: &str, help: &str, value: Duration) -> fmt::Result {
        self.line(name, help, Some(&Unit::Seconds), &ConstCounter::new(value.as_secs_f64()))
    }

    /// Counters of all combinations of labels. Those that are 0 are there too, so that a rate is known from the start.
    pub(super) fn counters<L: Labels>(
        &mut self,
        name: &str,
        help: &str,
        counters: &Counters<L>,
    ) -> fmt::Result {
        let mut encoder = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, count) in counters.read() {
            ConstCounter::new(count).encode(encoder.encode_family(&labels.pairs())?)?;
        }
        Ok(())
    }

    /// One counter for each value of a label that there is a figure for.
    pub(super) fn counters_of<L: Label>(
        &mut self,
        name: &str,
        help: &str,
        count_of: impl Fn(L) -> Option<u64>,
    ) -> fmt::Result {
        let mut encoder = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for label in L::all() {
            if let Some(count) = count_of(label) {
                ConstCounter::new(count).encode(encoder.encode_family(&(label,).pairs())?)?;
            }
        }
        Ok(())
    }

    /// One gauge for each value of a label that there is a figure for.
    pub(super) fn gauges<L: Label, V: EncodeGaugeValue>(
        &mut self,
        name: &str,
        help: &str,
        value_of: impl Fn(L) -> Option<V>,
    ) -> fmt::Result {
        let mut encoder = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for label in L::all() {
            if let Some(value) = value_of(label) {
                ConstGauge::new(value).encode(encoder.encode_family(&(label,).pairs())?)?;
            }
        }
        Ok(())
    }

    /// A histogram of seconds for each value of a label.
    pub(super) fn histograms<L: Label>(
        &mut self,
        name: &str,
        help: &str,
        readings: impl Iterator<Item = (L, LatencyReading)>,
    ) -> fmt::Result {
        let seconds = Unit::Seconds;
        let mut encoder = self.0.encode_descriptor(name, help, Some(&seconds), MetricType::Histogram)?;
        for (label, reading) in readings {
            let labels = (label,).pairs();
            let mut of_label: MetricEncoder<'_> = encoder.encode_family(&labels)?;
            let LatencyReading { sum, count, buckets } = reading;
            of_label.encode_histogram::<NoLabelSet>(sum.as_secs_f64(), count, &buckets, None)?;
        }
        Ok(())
    }

    /// A metric that is always 1, for its labels. They are fixed when the program is built.
    pub(super) fn info(&mut self, name: &str, help: &str, labels: &[(&str, &'static str)]) -> fmt::Result {
        self.0.encode_descriptor(name, help, None, MetricType::Info)?.encode_info(&labels)
    }

    fn line<M: EncodeMetric + TypedMetric>(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        metric: &M,
    ) -> fmt::Result {
        metric.encode(self.0.encode_descriptor(name, help, unit, M::TYPE)?)
    }
}

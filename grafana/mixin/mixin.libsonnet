// The dashboards, recording rules and alerts of Tablica as a mixin (https://monitoring.mixins.dev). Nothing is
// written here: all of it is made from grafana/src and grafana/rules by `npm run build`.
//
// `grafanaUrl` is where people open Grafana; "" leaves that to Prometheus' external label `grafana_url`.
local groups = (import 'rules.json').groups;
local withRules(kind) = [
  group { rules: rules }
  for group in groups
  for rules in [[rule for rule in group.rules if std.objectHas(rule, kind)]]
  if std.length(rules) > 0
];

{
  _config+:: {
    grafanaUrl: '',
  },

  local config = self._config,
  local linked(rule) = rule {
    annotations+: if config.grafanaUrl == '' then {} else {
      dashboard_url: std.strReplace(super.dashboard_url, '{{ $externalLabels.grafana_url }}', config.grafanaUrl),
    },
  },

  grafanaDashboards+:: import 'dashboards.libsonnet',
  prometheusRules+:: { groups: withRules('record') },
  prometheusAlerts+:: {
    groups: [group { rules: [linked(rule) for rule in group.rules] } for group in withRules('alert')],
  },
}

// Made by grafana/src; do not edit.
{
  'tablica-overview.json': import '../dashboards/overview.json',
  'tablica-queue.json': import '../dashboards/queue.json',
  'tablica-channel.json': import '../dashboards/channel.json',
  'tablica-agents.json': import '../dashboards/agents.json',
  'tablica-attention.json': import '../dashboards/attention.json',
  'tablica-promises.json': import '../dashboards/promises.json',
  'tablica-staffing.json': import '../dashboards/staffing.json',
  'tablica-unanswered.json': import '../dashboards/unanswered.json',
  'tablica-server.json': import '../dashboards/server.json',
  'tablica-screens.json': import '../dashboards/screens.json',
}

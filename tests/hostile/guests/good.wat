;; Does what it should: an event for each webhook, and no state.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (call $queued (local.get $input) (local.get $result)))

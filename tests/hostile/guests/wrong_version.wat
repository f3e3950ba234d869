;; A good one, built for another contract: its package says 2.0.0.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (call $queued (local.get $input) (local.get $result)))

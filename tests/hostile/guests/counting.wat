;; A good one with state: its snapshot is the number of inputs seen.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (global.set $state (i32.add (global.get $state) (i32.const 1)))
  (if (call $is_poison (local.get $input)) (then (unreachable)))
  (call $queued (local.get $input) (local.get $result)))

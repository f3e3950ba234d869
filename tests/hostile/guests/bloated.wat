;; A good one whose snapshot is 64 KiB and changes with every input.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (global.set $snapshot_bytes (i32.const 65536))
  (global.set $state (i32.add (global.get $state) (i32.const 1)))
  (call $queued (local.get $input) (local.get $result)))

;; Breaks at every third call of an instance, whatever comes.
(global $calls (mut i32) (i32.const 0))
(func $begin
  (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
  (if (i32.eq (global.get $calls) (i32.const 3)) (then (unreachable))))
(func $decode (param $input i32) (param $result i32)
  (call $queued (local.get $input) (local.get $result)))

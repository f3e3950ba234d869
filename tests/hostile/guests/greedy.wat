;; Answers every webhook and every response with three hundred fetches.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (i32.store offset=12 (local.get $result) (call $alloc (i32.mul (i32.const 300) (i32.const COMMAND_BYTES)) (i32.const 4)))
  (i32.store offset=16 (local.get $result) (i32.const 300)))

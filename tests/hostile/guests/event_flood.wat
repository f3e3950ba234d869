;; Answers poison with more small events than one call may give.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (if (call $is_poison (local.get $input))
    (then
      (i32.store offset=4 (local.get $result)
        (call $alloc (i32.mul (i32.const 20001) (i32.const EVENT_BYTES)) (i32.const 8)))
      (i32.store offset=8 (local.get $result) (i32.const 20001))
      (return)))
  (call $queued (local.get $input) (local.get $result)))

;; Answers poison with an event list outside its memory.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (if (call $is_poison (local.get $input))
    (then
      (i32.store offset=4 (local.get $result) (i32.const 0x7ffffff8))
      (i32.store offset=8 (local.get $result) (i32.const 3))
      (return)))
  (call $queued (local.get $input) (local.get $result)))

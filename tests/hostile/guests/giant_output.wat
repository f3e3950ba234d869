;; Answers poison with a thousand events of a megabyte each, all the same megabyte: cheap for the
;; guest, a gigabyte for a host that copies it.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $big i32) (local $events i32) (local $i i32)
  (if (call $is_poison (local.get $input))
    (then
      (local.set $big (call $alloc (i32.const 1048576) (i32.const 8)))
      (local.set $events (call $alloc (i32.mul (i32.const 1000) (i32.const EVENT_BYTES)) (i32.const 8)))
      (loop $each
        (i32.store
          (i32.add (local.get $events) (i32.mul (local.get $i) (i32.const EVENT_BYTES)))
          (local.get $big))
        (i32.store offset=4
          (i32.add (local.get $events) (i32.mul (local.get $i) (i32.const EVENT_BYTES)))
          (i32.const 1048576))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $each (i32.lt_u (local.get $i) (i32.const 1000))))
      (i32.store offset=4 (local.get $result) (local.get $events))
      (i32.store offset=8 (local.get $result) (i32.const 1000))
      (return)))
  (call $queued (local.get $input) (local.get $result)))

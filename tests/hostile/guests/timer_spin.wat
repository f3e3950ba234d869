;; Sets a thousand of the shortest timers each time that one of them is due.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $command i32) (local $name i32) (local $i i32)
  (local.set $name (call $alloc (i32.const 4000) (i32.const 4)))
  (local.set $command (call $alloc (i32.mul (i32.const 1000) (i32.const COMMAND_BYTES)) (i32.const 4)))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 1000))
  (loop $each
    ;; The timer's number in three letters, `a` to `p`.
    (i32.store (local.get $name)
      (i32.add (i32.const 0x616161)
        (i32.or (i32.and (local.get $i) (i32.const 0xf))
          (i32.or
            (i32.shl (i32.and (local.get $i) (i32.const 0xf0)) (i32.const 4))
            (i32.shl (i32.and (local.get $i) (i32.const 0xf00)) (i32.const 8))))))
    (i32.store8 (local.get $command) (i32.const SET_TIMER))
    (i32.store offset=4 (local.get $command) (local.get $name))
    (i32.store offset=8 (local.get $command) (i32.const 3))
    (i32.store8 offset=12 (local.get $command) (i32.const 1))
    (local.set $name (i32.add (local.get $name) (i32.const 4)))
    (local.set $command (i32.add (local.get $command) (i32.const COMMAND_BYTES)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (i32.const 1000)))))

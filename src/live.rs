//! Leptos' signals and memos, with one machine code for values of all types.
//!
//! A signal or a memo of a type is written out by the compiler for that type, down to how it is
//! tracked, compared and dropped: some kilobytes each. Here all of them hold a [`Value`], and only
//! the last step, from it to the type, is a type's own.

use core::{any::Any, marker::PhantomData};
use std::sync::Arc;

use reactive_graph::{
    computed::Memo,
    effect::Effect,
    signal::RwSignal,
    traits::{Get, GetUntracked, Set},
    wrappers::read::Signal,
};

use crate::stopped::is_stopped;

/// What can be a signal's value.
pub trait Valuable: PartialEq + Send + Sync + 'static {}
impl<T: PartialEq + Send + Sync + 'static> Valuable for T {}

/// A value of some type.
#[derive(Clone)]
struct Value(Arc<dyn Erased>);

trait Erased: Any + Send + Sync {
    fn equals(&self, other: &dyn Any) -> bool;
}

impl<T: Valuable> Erased for T {
    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref().is_some_and(|other| self == other)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

impl Value {
    fn of<T: Valuable>(value: T) -> Self {
        Self(Arc::new(value))
    }

    fn get<T: Valuable>(&self) -> &T {
        let value: &dyn Any = &*self.0;
        match value.downcast_ref() {
            Some(value) => value,
            None => unreachable!("a signal keeps the type that it was made with"),
        }
    }
}

/// A value that changes, and can be read. A handle: copies are the same value.
pub struct Live<T>(Signal<Value>, PhantomData<fn() -> T>);

/// A value that can be set. A handle: copies are the same value.
///
/// Its [`Live`] is made with it, once. One that was made wherever it is read would belong to the owner
/// there, and where there is none, in a task or a listener, it would never end.
pub struct Source<T>(RwSignal<Value>, Live<T>);

// Not derived: a handle is a copy whatever it is a handle to.
impl<T> Copy for Live<T> {}
impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Source<T> {}
impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Valuable> Live<T> {
    /// A value that follows from others. It is worked out when one of them changed and it is read,
    /// and who reads it runs again only when it is another one then.
    pub fn derived(derive: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::following(move |_| derive())
    }

    /// The same, for one that follows from what it was before, too.
    pub fn following(derive: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let derive = move |before: Option<&Value>| Value::of(derive(before.map(Value::get)));
        Self(memo(Box::new(derive)), PhantomData)
    }

    /// Reads the value. Reactive.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(self.0.get().get())
    }

    /// The value. Reactive.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Reads the value, once.
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(self.0.get_untracked().get())
    }

    /// The value, once.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }
}

type Derive = Box<dyn Fn(Option<&Value>) -> Value + Send + Sync>;

fn memo(derive: Derive) -> Signal<Value> {
    Memo::new(derive).into()
}

impl<T: Valuable> Source<T> {
    /// A value to begin with.
    pub fn new(value: T) -> Self {
        let signal = RwSignal::new(Value::of(value));
        Self(signal, Live(signal.into(), PhantomData))
    }

    /// The value for those who only read it.
    pub fn live(self) -> Live<T> {
        self.1
    }

    /// Reads the value. Reactive.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.live().with(read)
    }

    /// The value. Reactive.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.live().get()
    }

    /// The value, once.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.live().get_untracked()
    }

    /// Another value. Who reads it runs again, also when it is an equal one.
    pub fn set(self, value: T) {
        self.0.set(Value::of(value));
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

/// Runs now, and whenever what it reads changes, until the current owner ends.
pub fn effect(effect: impl Fn() + 'static) {
    let effect: Box<dyn Fn()> = Box::new(effect);
    Effect::new(move |_| {
        if !is_stopped() {
            effect();
        }
    });
}

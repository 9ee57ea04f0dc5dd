/*
 * libvirt's six event hooks as C functions that call the static methods of io.osevent.libvirt.ShimHooks. libvirt gives
 * its hooks no pointer of the user's, so there is one set of them for the process.
 */
#include <jni.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum hook { ADD_HANDLE, UPDATE_HANDLE, REMOVE_HANDLE, ADD_TIMEOUT, UPDATE_TIMEOUT, REMOVE_TIMEOUT, HOOKS };

static const struct {
    const char *name;
    const char *signature;
} METHODS[HOOKS] = {
    {"addHandle", "(IIJJJ)I"},     {"updateHandle", "(II)V"}, {"removeHandle", "(I)I"},
    {"addTimeout", "(IJJJ)I"},     {"updateTimeout", "(II)V"}, {"removeTimeout", "(I)I"},
};

static const jint FAILED = -1;

/* Written once, before libvirt is told of the hooks. */
static JavaVM *vm;
static jclass target;
static jmethodID methods[HOOKS];
static pthread_key_t attached;

/* At the end of a thread that was attached here. */
static void detach(void *ignored)
{
    (void)ignored;
    (*vm)->DetachCurrentThread(vm);
}

/* A thread that Java does not know becomes a daemon, and stays attached until it ends; NULL if there is no JVM any more. */
static JNIEnv *enter(void)
{
    void *env;
    if ((*vm)->GetEnv(vm, &env, JNI_VERSION_1_8) == JNI_OK) {
        return env;
    }
    JavaVMAttachArgs arguments = {JNI_VERSION_1_8, (char *)"osevent", NULL};
    if ((*vm)->AttachCurrentThreadAsDaemon(vm, &env, &arguments) != JNI_OK) {
        return NULL;
    }
    /* Any value but NULL: only then is the destructor called. */
    pthread_setspecific(attached, &attached);
    return env;
}

/* The methods catch what they can. What is left, such as a stack that ran out in the handler, must not stay pending. */
static int has_thrown(JNIEnv *env)
{
    if (!(*env)->ExceptionCheck(env)) {
        return 0;
    }
    (*env)->ExceptionDescribe(env);
    (*env)->ExceptionClear(env);
    return 1;
}

static int call_int(enum hook hook, const jvalue *arguments)
{
    JNIEnv *env = enter();
    if (env == NULL) {
        return FAILED;
    }
    jint result = (*env)->CallStaticIntMethodA(env, target, methods[hook], arguments);
    return has_thrown(env) ? FAILED : result;
}

static void call_void(enum hook hook, const jvalue *arguments)
{
    JNIEnv *env = enter();
    if (env != NULL) {
        (*env)->CallStaticVoidMethodA(env, target, methods[hook], arguments);
        has_thrown(env);
    }
}

static jvalue number(jint value)
{
    return (jvalue){.i = value};
}

static jvalue address(uintptr_t value)
{
    return (jvalue){.j = (jlong)value};
}

static int add_handle(int fd, int events, uintptr_t callback, uintptr_t opaque, uintptr_t ff)
{
    return call_int(ADD_HANDLE,
                    (jvalue[]){number(fd), number(events), address(callback), address(opaque), address(ff)});
}

static void update_handle(int watch, int events)
{
    call_void(UPDATE_HANDLE, (jvalue[]){number(watch), number(events)});
}

static int remove_handle(int watch)
{
    return call_int(REMOVE_HANDLE, (jvalue[]){number(watch)});
}

static int add_timeout(int period, uintptr_t callback, uintptr_t opaque, uintptr_t ff)
{
    return call_int(ADD_TIMEOUT, (jvalue[]){number(period), address(callback), address(opaque), address(ff)});
}

static void update_timeout(int timer, int period)
{
    call_void(UPDATE_TIMEOUT, (jvalue[]){number(timer), number(period)});
}

static int remove_timeout(int timer)
{
    return call_int(REMOVE_TIMEOUT, (jvalue[]){number(timer)});
}

/* Finds the methods; false, with an exception pending, if one is not there. The second call and later ones do nothing. */
JNIEXPORT jboolean JNICALL Java_io_osevent_libvirt_ShimHooks_bind(JNIEnv *env, jclass type)
{
    if (target != NULL) {
        return JNI_TRUE;
    }
    for (int i = 0; i < HOOKS; i++) {
        methods[i] = (*env)->GetStaticMethodID(env, type, METHODS[i].name, METHODS[i].signature);
        if (methods[i] == NULL) {
            return JNI_FALSE;
        }
    }
    if ((*env)->GetJavaVM(env, &vm) != JNI_OK || pthread_key_create(&attached, detach) != 0) {
        return JNI_FALSE;
    }
    target = (*env)->NewGlobalRef(env, type);
    return target != NULL;
}

JNIEXPORT jlong JNICALL Java_io_osevent_libvirt_ShimHooks_address(JNIEnv *env, jclass type, jint hook)
{
    (void)env;
    (void)type;
    switch (hook) {
    case ADD_HANDLE:
        return (jlong)(uintptr_t)add_handle;
    case UPDATE_HANDLE:
        return (jlong)(uintptr_t)update_handle;
    case REMOVE_HANDLE:
        return (jlong)(uintptr_t)remove_handle;
    case ADD_TIMEOUT:
        return (jlong)(uintptr_t)add_timeout;
    case UPDATE_TIMEOUT:
        return (jlong)(uintptr_t)update_timeout;
    case REMOVE_TIMEOUT:
        return (jlong)(uintptr_t)remove_timeout;
    default:
        return 0;
    }
}
